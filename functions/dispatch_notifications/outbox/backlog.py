"""What still waits: when it is due, how much it is, whether somebody should look."""

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lane_heads

_SQL = sql.load(__file__)


async def repair(connection: Connection) -> int:
    """Recompute the heads of lanes that disagree with their rows (there should be none); how many there were.

    The caller opens the transaction.
    """
    rows = await sql.fetch_all(connection, _SQL["lock_wrong_lanes"])
    if rows:
        await lane_heads.refresh(connection, [(row["bot_id"], row["lane"]) for row in rows])
    return len(rows)


async def next_due_in(connection: Connection, bot_id: int | None) -> float | None:
    """Seconds until something is due (negative: it is overdue); None when nothing waits."""
    seconds: float | None = await sql.fetch_value(connection, _SQL["next_due_in"], {"bot": bot_id})
    return seconds


async def remaining(connection: Connection) -> int:
    """How many messages and events still wait."""
    return int(await sql.fetch_value(connection, _SQL["remaining"]))


async def overdue(connection: Connection) -> tuple[float, float]:
    """For how many seconds the oldest due message waits, and how old the oldest transaction is."""
    row = await sql.fetch_one(connection, _SQL["overdue"])
    return row["overdue_seconds"] or 0.0, row["transaction_seconds"] or 0.0
