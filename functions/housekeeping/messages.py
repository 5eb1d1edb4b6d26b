"""Messages that ended long ago, and the lanes that nobody uses any more."""

import time

from functions.housekeeping.terms import FAILED, LANES, SENT
from shared import logs
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import DatabaseUnavailable

LOCK_CHATS = "lock table platform.lanes in share row exclusive mode"  # no plan, so no block of the .sql file

SQL = sql.load(__file__)
DAYS = {"sent_days": SENT.days, "failed_days": FAILED.days}
IDLE = {"days": LANES.days}


async def delete_messages(connection: Connection, ends_at: float, batch_rows: int) -> int:
    """Delete messages that ended long ago, the oldest first, until the monotonic time `ends_at`; how many."""
    done, after = 0, 0
    while time.monotonic() < ends_at:
        parameters = {**DAYS, "after": after, "batch": batch_rows}
        batch = await sql.fetch_one(connection, SQL["delete_messages"], parameters)
        done += batch["deleted"]
        if batch["is_the_end"]:
            break
        after = batch["last"]
    return done


async def delete_lanes(database: Database, ends_at: float, batch_rows: int) -> int:
    """Delete lanes that were idle for a week, then chats that pace no other lane; how many rows."""
    done = 0
    for statement, exclusive in (("delete_idle_lanes", False), ("delete_idle_chats", True)):
        while time.monotonic() < ends_at:
            deleted = await _delete_idle(database, statement, batch_rows, exclusive=exclusive)
            done += deleted
            if deleted < batch_rows:
                break
    return done


async def _delete_idle(database: Database, statement: str, batch_rows: int, *, exclusive: bool) -> int:
    """One batch; `exclusive` keeps everybody from writing to lanes meanwhile, or gives up until tomorrow."""
    try:
        async with database.transaction() as connection:
            if exclusive:
                await connection.execute(SQL["wait_briefly"])
                await connection.execute(LOCK_CHATS)
            return (await connection.execute(SQL[statement], {**IDLE, "batch": batch_rows})).rowcount
    except DatabaseUnavailable as error:
        if not exclusive:
            raise
        logs.warning("lanes_were_busy", error=str(error))
        return 0


async def remaining(connection: Connection) -> int:
    """How many messages are still due to leave."""
    return sum((await sql.fetch_one(connection, SQL["remaining"], DAYS)).values())
