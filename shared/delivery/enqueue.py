"""enqueue(): the one way for a message to leave."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.channels.splitting import split_call
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lanes
from shared.delivery.kinds import PRIORITY_RANK, Kind

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Topic:
    """A forum topic by what it is for; the first message creates it."""

    key: str  # support/conversation/7
    name: str  # 1-128 characters
    icon_color: int | None = None


@dataclass(frozen=True)
class Message:
    """A call of the Bot API, or its equivalent at a WhatsApp gateway, that shall happen.

    `payload` holds the method's parameters without the chat and the thread; `dedup_key` reads like a path
    (`support/handover/7/reminder-1`) and is accepted once, for as long as its row is kept: 30 days after it was sent or
    cancelled, 90 after it failed (functions/housekeeping). What must never repeat is remembered by its system.
    Telegram takes `chat_id`, WhatsApp `recipient` (`77010000000@s.whatsapp.net`).
    """

    bot_id: int
    kind: Kind
    dedup_key: str
    payload: Mapping[str, Any]
    correlation_id: str
    chat_id: int | None = None
    recipient: str | None = None
    method: str = "sendMessage"
    thread_id: int | None = None
    topic: Topic | None = None  # instead of thread_id
    guard: Mapping[str, Any] | None = None  # facts that the kind's guard checks again just before sending
    delay_seconds: float = 0.0  # in an ordered lane later messages wait for it, too


async def enqueue(connection: Connection, messages: Sequence[Message]) -> dict[str, int]:
    """Hand over `messages` in the caller's transaction, as its last step.

    Answers the outbox ids of those that are new, by dedup key; the others were handed over before. A text that is
    too long for one message becomes several; the first has the dedup key, the others `key#2`, `key#3`, …
    """
    if not messages:
        return {}
    rows = [row for message in messages for row in _rows(message)]
    numbered = json.dumps([{"place": place, **row} for place, row in enumerate(rows)])
    new = await sql.fetch_all(connection, _SQL["enqueue"], {"messages": numbered})
    return {row["dedup_key"]: row["id"] for row in new}


def lane_of(message: Message) -> str:
    """The lane's name."""
    return lanes.name(chat_of(message), _thread_of(message), None if message.kind.ordered else message.kind.name)


def chat_of(message: Message) -> str:
    """The name of the chat's own lane, which paces all its lanes."""
    return str(message.chat_id if message.recipient is None else message.recipient)


def _thread_of(message: Message) -> str | None:
    return message.topic.key if message.topic else str(message.thread_id) if message.thread_id else None


def _rows(message: Message) -> list[dict[str, Any]]:
    return [
        {
            **_address(message),
            "kind": message.kind.name,
            "method": method,
            "payload": payload,
            "dedup_key": message.dedup_key if number == 1 else f"{message.dedup_key}#{number}",
            "correlation_id": message.correlation_id,
            "policy": message.kind.policy,
            "priority": PRIORITY_RANK[message.kind.priority],
            "paced": message.kind.paced,
            "guard": message.guard,
            "delay_seconds": message.delay_seconds,
            "ttl_seconds": message.kind.ttl.total_seconds(),
        }
        for number, (method, payload) in enumerate(split_call(message.method, message.payload), start=1)
    ]


def _address(message: Message) -> dict[str, Any]:
    topic = message.topic
    return {
        "bot_id": message.bot_id,
        "chat_id": message.chat_id,
        "recipient": message.recipient,
        "lane": lane_of(message),
        "thread_id": message.thread_id,
        "topic": topic.key if topic else None,
        "topic_lane": lanes.name(chat_of(message), topic.key) if topic else None,
        "topic_name": topic.name if topic else None,
        "topic_color": topic.icon_color if topic else None,
    }
