"""enqueue(): the one way for a message to leave."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared import sql
from shared.db import Connection
from shared.delivery.kinds import Kind

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Message:
    """A call of the Bot API that shall happen.

    `payload` holds the method's parameters without chat_id and thread; `dedup_key` reads like a path
    (`support/handover/7/reminder-1`) and is accepted once for ever.
    """

    bot_id: int
    chat_id: int
    kind: Kind
    dedup_key: str
    payload: Mapping[str, Any]
    correlation_id: str
    method: str = "sendMessage"
    thread_id: int | None = None
    delay_seconds: float = 0.0


async def enqueue(connection: Connection, messages: Sequence[Message]) -> dict[str, int]:
    """Hand over `messages` in the caller's transaction, as its last step.

    Answers the outbox ids of those that are new, by dedup key; the others were handed over before.
    """
    if not messages:
        return {}
    cursor = await connection.execute(
        _SQL["enqueue"], {"messages": json.dumps([_row(place, m) for place, m in enumerate(messages)])}
    )
    return {row["dedup_key"]: row["id"] for row in await cursor.fetchall()}


def lane_of(message: Message) -> str:
    """The lane's name: the chat, with its thread or, for unordered kinds, the kind."""
    if not message.kind.ordered:
        return f"{message.chat_id}#{message.kind.name}"
    return f"{message.chat_id}/{message.thread_id}" if message.thread_id else str(message.chat_id)


def _row(place: int, message: Message) -> dict[str, Any]:
    thread = {"message_thread_id": message.thread_id} if message.thread_id else {}
    return {
        "place": place,
        "bot_id": message.bot_id,
        "chat_id": message.chat_id,
        "lane": lane_of(message),
        "kind": message.kind.name,
        "method": message.method,
        "payload": {**message.payload, **thread},
        "dedup_key": message.dedup_key,
        "correlation_id": message.correlation_id,
        "policy": message.kind.policy,
        "delay_seconds": message.delay_seconds,
        "lives_seconds": message.kind.worth_sending_for.total_seconds(),
    }
