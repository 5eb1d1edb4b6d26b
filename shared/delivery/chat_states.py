"""Groups whose settings or rights forbid what is sent to them: what waits is kept until somebody changes them.

Each state is the error class of the messages that wait because of it. One message of a group is tried about once a
minute; the others wait with it, and go out as soon as it arrives.
"""

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Literal, NamedTuple

from shared.database import sql
from shared.database.pool import Connection

# What else waits when one message was refused: all of the chat, what goes into its topics, calls of the same method, or
# only what stands behind it in its own lane.
Scope = Literal["chat", "topics", "method", "lane"]

STATES: Mapping[str, Scope] = {
    "topics_off": "topics",
    "no_right_to_topics": "method",
    "no_right_to_write": "chat",
    "no_right_to_files": "method",
    "not_administrator": "method",
    "closed_topic": "lane",
    "removed_from_group": "chat",
    "group_not_found": "chat",
    "group_deleted": "chat",
}
# Whoever mends these does it in the group itself, which can still be written to outside of its topics.
READABLE_STATES = ("topics_off", "no_right_to_topics")

PROBE_SECONDS = 45.0  # less than a minute: each tick of the scheduler finds the message due
MAX_WAIT = timedelta(days=7)  # from when it was enqueued; what waits for longer ends, and says why

_SQL = sql.load(__file__)


class Cleared(NamedTuple):
    """A group that is not in this state any more; `state` None: in none at all."""

    bot_id: int
    chat: str
    state: str | None = None


async def release(connection: Connection, cleared: Collection[Cleared]) -> None:
    """Let what waited go out now."""
    rows = json.dumps([each._asdict() for each in cleared])
    await connection.execute(_SQL["release"], {"cleared": rows, "states": list(STATES)})
