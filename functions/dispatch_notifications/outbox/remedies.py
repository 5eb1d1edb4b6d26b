"""What has to happen before a message is tried again, in the transaction that queues it again.

A topic that vanished is created anew, a closed one is reopened, a text that was too long becomes several messages.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from functions.dispatch_notifications.outbox import render
from functions.dispatch_notifications.outbox.render import Renderable
from functions.dispatch_notifications.outbox.retry_policy import Decision
from shared.channels import splitting
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lanes

_SQL = sql.load(__file__)


class Mendable(Renderable, Protocol):
    """What a remedy needs to know of an attempt."""

    @property
    def id(self) -> int:
        """The outbox row's id."""

    @property
    def bot_id(self) -> int:
        """The bot's id."""

    @property
    def chat(self) -> str:
        """The chat's own lane."""


Finished = tuple[Mendable, Decision]


async def apply(connection: Connection, finished: Sequence[Finished]) -> None:
    """Do what the decisions ask for, and note the threads of topics that were created."""
    if created := [(a, d.thread_id) for a, d in finished if d.thread_id is not None and d.state == "sent"]:
        columns = {**_topics(a for a, _ in created), "threads": [thread for _, thread in created]}
        await connection.execute(_SQL["store_threads"], columns)
    for remedy in ("open_topic", "reopen_topic"):
        if wanted := [attempt for attempt, decision in finished if decision.remedy == remedy]:
            columns = {**_topics(wanted), "threads": [a.thread_id for a in wanted], "ids": [a.id for a in wanted]}
            await connection.execute(_SQL[remedy], columns)
    for attempt, decision in finished:
        if decision.remedy == "split":
            await _split(connection, attempt)


async def _split(connection: Connection, attempt: Mendable) -> None:
    parameters = {k: v for k, v in render.parameters(attempt).items() if k != "message_thread_id"}
    parts = splitting.split_call(attempt.method, parameters)
    parts = parts if len(parts) > 1 else splitting.split_smaller(attempt.method, parameters)
    rows = [
        {"number": number, "method": method, "payload": _with_thread(attempt, payload)}
        for number, (method, payload) in enumerate(parts, start=1)
    ]
    await connection.execute(_SQL["split"], {"id": attempt.id, "parts": json.dumps(rows)})


def _with_thread(attempt: Mendable, payload: dict[str, Any]) -> dict[str, Any]:
    """A thread that was given by number belongs to every part; a topic's is found again when it is sent."""
    thread = attempt.payload.get("message_thread_id")
    return {**payload, "message_thread_id": thread} if thread else payload


def _topics(attempts: Any) -> Mapping[str, list[Any]]:
    wanted = list(attempts)
    return {
        "bots": [a.bot_id for a in wanted],
        "chats": [a.chat_id for a in wanted],
        "topics": [a.topic for a in wanted],
        "lanes": [lanes.name(a.chat, a.topic) for a in wanted],
    }
