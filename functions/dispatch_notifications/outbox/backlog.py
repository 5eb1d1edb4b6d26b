"""What still waits: when it is due, how much it is, whether somebody should look."""

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lane_heads

_SQL = sql.load(__file__)


async def repair(connection: Connection) -> int:
    """Recompute the heads of lanes that disagree with their rows (there should be none); how many there were.

    The caller opens the transaction.
    """
    rows = await (await connection.execute(_SQL["lock_wrong_lanes"])).fetchall()
    if rows:
        await lane_heads.refresh(connection, [(row["bot_id"], row["lane"]) for row in rows])
    return len(rows)


async def next_due_in(connection: Connection, bot_id: int | None) -> float | None:
    """Seconds until something is due (negative: it is overdue); None when nothing waits."""
    row = await (await connection.execute(_SQL["next_due_in"], {"bot": bot_id})).fetchone()
    return row["seconds"] if row else None


async def remaining(connection: Connection) -> int:
    """How many messages and events still wait."""
    row = await (await connection.execute(_SQL["remaining"])).fetchone()
    return int(row["remaining"]) if row else 0


async def overdue(connection: Connection) -> tuple[float, float]:
    """For how many seconds the oldest due message waits, and how old the oldest transaction is."""
    row = await (await connection.execute(_SQL["overdue"])).fetchone()
    return (row["overdue_seconds"] or 0.0, row["transaction_seconds"] or 0.0) if row else (0.0, 0.0)
