"""What waits with a message that its group is not ready for (shared/delivery/chat_states.py)."""

import json
from collections.abc import Collection
from typing import NamedTuple

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.chat_states import MAX_WAIT, PROBE_SECONDS, STATES

_SQL = sql.load(__file__)


class Refused(NamedTuple):
    """A message that was refused because of its group's state, and waits in its lane again."""

    bot_id: int
    chat: str  # the name of the chat's own lane
    lane: str
    method: str
    state: str


async def hold(connection: Connection, refused: Collection[Refused]) -> None:
    """Let what would be refused for the same reason wait with these messages."""
    by_chat = {(each.bot_id, each.chat, each.state): each for each in refused}
    rows = json.dumps([{**each._asdict(), "scope": STATES[each.state]} for each in by_chat.values()])
    if any(each.state == "topics_off" for each in refused):
        await connection.execute(_SQL["restore_topics"], {"refused": rows})
    await connection.execute(_SQL["hold"], {"refused": rows, "probe": PROBE_SECONDS, "most": MAX_WAIT})
