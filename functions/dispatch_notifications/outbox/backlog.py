"""What still waits: when it is due, how much it is, whether somebody should look."""

from typing import Any

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lane_heads

LANES_PER_LOOK = 200  # that the safety net compares at the end of a run
MAX_COUNTED = 10_000  # more need no number

_SQL = sql.load(__file__)
_FIRST_ROW = {"bot": 0, "lane": ""}
_FIRST_HEAD = {"head_bot": 0, "head_priority": 0, "head_due": "-infinity"}


class SafetyNet:
    """Recomputes the heads of lanes that disagree with their rows (there should be none), some at a time."""

    def __init__(self) -> None:
        """It begins with the first lanes, and goes on where it ended."""
        self._position: dict[str, Any] = {**_FIRST_ROW, **_FIRST_HEAD}

    async def repair(self, connection: Connection) -> int:
        """Look at the next lanes; how many were wrong. The caller opens the transaction."""
        found = await sql.fetch_one(connection, _SQL["find_wrong_lanes"], {"most": LANES_PER_LOOK, **self._position})
        self._position = {**(found["rows_until"] or _FIRST_ROW), **(found["heads_until"] or _FIRST_HEAD)}
        if not found["wrong"]:
            return 0
        columns = {
            "bots": [lane["bot_id"] for lane in found["wrong"]],
            "lanes": [lane["lane"] for lane in found["wrong"]],
        }
        locked = await sql.fetch_all(connection, _SQL["lock_wrong_lanes"], columns)
        await lane_heads.refresh(connection, [(row["bot_id"], row["lane"]) for row in locked])
        return len(locked)


async def next_due_in(connection: Connection, bot_id: int | None, within: float) -> float | None:
    """Seconds until a message is due (negative: it is overdue); None when none is due `within` so many seconds.

    Of all bots, or of `bot_id` alone.
    """
    seconds: float | None = await sql.fetch_value(connection, _SQL["next_due_in"], {"bot": bot_id, "within": within})
    return seconds


async def remaining(connection: Connection) -> int:
    """How many messages and events still wait, each counted as far as MAX_COUNTED."""
    return int(await sql.fetch_value(connection, _SQL["remaining"], {"most": MAX_COUNTED}))


async def overdue(connection: Connection) -> tuple[float, float]:
    """For how many seconds the oldest due message waits, and how old the oldest transaction is."""
    row = await sql.fetch_one(connection, _SQL["overdue"])
    return row["overdue_seconds"] or 0.0, row["transaction_seconds"] or 0.0
