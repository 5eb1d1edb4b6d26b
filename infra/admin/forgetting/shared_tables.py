"""What a person leaves in the tables that all systems share: messages, lanes, topics, deliveries nobody could read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from infra.admin.database import Connection, fetch
from infra.admin.forgetting import archive_queue
from infra.admin.forgetting.archive_queue import Patterns, having
from shared.database import sql
from shared.delivery import lane_heads

MIN_NEEDLE = 6  # characters; what is shorter stands in everybody's bodies

Counts = dict[str, int]  # rows, by table
Forget = Callable[[Connection, str], Counts]

_SQL = sql.load(__file__)
_LANE_HEADS = sql.load(lane_heads.__file__)


@dataclass(frozen=True)
class Traces:
    """How a person is known: by messages, addresses and chats of theirs, and by texts that a body may hold."""

    messages: Sequence[int] = ()  # of platform.outbox
    dedup_keys: Sequence[str] = ()  # how those of further messages begin
    recipients: Sequence[str] = ()  # addresses in WhatsApp
    chats: Sequence[int] = ()  # in Telegram, with the person alone
    topics: Sequence[str] = ()  # keys
    texts: Sequence[str] = ()
    archived: Patterns = field(default_factory=dict)  # rows of the system's own tables that wait for the archive


def forget(connection: Connection, traces: Traces) -> Counts:
    """Delete it, in the transaction of the caller; what is under way at this moment, too."""
    named = {
        "messages": list(traces.messages),
        "dedup_keys": [f"{key}%" for key in traces.dedup_keys],
        "recipients": list(traces.recipients),
        "chats": list(traces.chats),
        "topics": list(traces.topics),
    }
    ids = [row["id"] for row in fetch(connection, _SQL["messages"], **named)]
    fetch(connection, _SQL["lock_lanes"], ids=ids)
    lanes = fetch(connection, _SQL["delete_messages"], ids=ids)
    heads = {"bots": [lane["bot_id"] for lane in lanes], "lanes": [lane["lane"] for lane in lanes]}
    connection.execute(_LANE_HEADS["refresh"], heads)
    connection.execute(_SQL["delete_lanes"], named)
    texts = [text for text in traces.texts if len(text) >= MIN_NEEDLE]
    needles = {"texts": sorted({*texts, *(quote(text, safe="") for text in texts)})}
    return {
        "platform.outbox": len(ids),
        "platform.topics": connection.execute(_SQL["delete_topics"], named).rowcount,
        "platform.starts": connection.execute(_SQL["delete_starts"], named).rowcount,
        "platform.members": connection.execute(_SQL["delete_members"], named).rowcount,
        "platform.inbox": connection.execute(_SQL["delete_deliveries"], needles).rowcount,
        "platform.failed_updates": connection.execute(_SQL["delete_failed_updates"], needles).rowcount,
        "platform.archive_queue": archive_queue.forget(connection, _archived(traces, needles["texts"])),
    }


def _archived(traces: Traces, texts: Sequence[str]) -> Patterns:
    """The same rows where they wait for the archive; bytes are hexadecimal there."""
    return {
        **traces.archived,
        "platform.outbox": [
            *having("recipient", traces.recipients),
            *having("chat_id", traces.chats),
            *having("topic", traces.topics),
            *(f'"dedup_key": "{re.escape(key)}' for key in traces.dedup_keys),
        ],
        "platform.inbox": [text.encode().hex() for text in texts],
    }
