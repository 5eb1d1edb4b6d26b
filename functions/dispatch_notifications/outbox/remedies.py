"""What has to happen before a message is tried again, in the transaction that queues it again.

A topic that vanished is created anew, a closed one is reopened, a text that was too long becomes several messages, and
a reply to nothing becomes a message.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from functions.dispatch_notifications.outbox import render
from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.retry_policy import Finished
from shared.channels import splitting
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lanes
from shared.delivery.chat_states import STATES

_SQL = sql.load(__file__)


async def apply(connection: Connection, finished: Sequence[Finished]) -> None:
    """Do what the decisions ask for, and note the threads of topics that were created."""
    if created := [
        (attempt, decision.outcome.thread_id)
        for attempt, decision in finished
        if decision.outcome and decision.outcome.thread_id is not None
    ]:
        columns = {**_topics(a for a, _ in created), "threads": [thread for _, thread in created]}
        await connection.execute(_SQL["store_threads"], columns)
    if early := [attempt for attempt, decision in finished if decision.result == "no_topic"]:
        columns = {**_topics(early), "ids": [attempt.id for attempt in early], "states": list(STATES)}
        await connection.execute(_SQL["await_topic"], columns)
        await connection.execute(_SQL["put_topic_first"], columns)
    for remedy in ("open_topic", "reopen_topic"):
        if wanted := [attempt for attempt, decision in finished if decision.remedy == remedy]:
            columns = {**_topics(wanted), "threads": [a.thread_id for a in wanted], "ids": [a.id for a in wanted]}
            await connection.execute(_SQL[remedy], columns)
    if replies := [attempt.id for attempt, decision in finished if decision.remedy == "drop_reply"]:
        await connection.execute(_SQL["drop_reply"], {"ids": replies})
    for attempt, decision in finished:
        if decision.remedy == "split":
            await _split(connection, attempt)


async def _split(connection: Connection, attempt: Attempt) -> None:
    parameters = {k: v for k, v in render.parameters(attempt).items() if k != "message_thread_id"}
    parts = splitting.split_call(attempt.method, parameters)
    parts = parts if len(parts) > 1 else splitting.split_smaller(attempt.method, parameters)
    rows = [
        {"number": number, "method": method, "payload": _with_thread(attempt, payload)}
        for number, (method, payload) in enumerate(parts, start=1)
    ]
    await connection.execute(_SQL["split"], {"id": attempt.id, "parts": json.dumps(rows)})


def _with_thread(attempt: Attempt, payload: dict[str, Any]) -> dict[str, Any]:
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
