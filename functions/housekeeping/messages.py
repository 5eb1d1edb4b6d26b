"""Messages that ended long ago, and the lanes that nobody uses any more."""

import time

from shared import logs
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import DatabaseUnavailable

LOCK_CHATS = "lock table platform.lanes in share row exclusive mode"  # no plan, so no block of the .sql file

_SQL = sql.load(__file__)


async def delete_messages(connection: Connection, ends_at: float, batch_rows: int) -> int:
    """Walk through the messages from the oldest on and delete what ended long ago; how many those were."""
    done, after = 0, 0
    while time.monotonic() < ends_at:
        parameters = {"after": after, "batch": batch_rows}
        row = await (await connection.execute(_SQL["delete_messages"], parameters)).fetchone()
        assert row is not None
        done += row["deleted"]
        if row["is_the_end"]:
            break
        after = row["last"]
    return done


async def delete_lanes(database: Database, ends_at: float, batch_rows: int) -> int:
    """Delete lanes that were idle for a week, and then the chats that pace no other lane; how many those were."""
    done = 0
    for statement, alone in (("delete_idle_lanes", False), ("delete_idle_chats", True)):
        while time.monotonic() < ends_at:
            deleted = await _delete_idle(database, statement, batch_rows, alone=alone)
            done += deleted
            if deleted < batch_rows:
                break
    return done


async def _delete_idle(database: Database, statement: str, batch_rows: int, *, alone: bool) -> int:
    """One batch; `alone` keeps everybody from writing to lanes for these milliseconds, or gives up until tomorrow."""
    try:
        async with database.transaction() as connection:
            if alone:
                await connection.execute(_SQL["wait_briefly"])
                await connection.execute(LOCK_CHATS)
            return (await connection.execute(_SQL[statement], {"batch": batch_rows})).rowcount
    except DatabaseUnavailable as error:
        if not alone:
            raise
        logs.warning("lanes_were_busy", error=str(error))
        return 0


async def remaining(connection: Connection) -> int:
    """How many messages are still due to leave."""
    row = await (await connection.execute(_SQL["remaining"])).fetchone()
    return int(row["remaining"]) if row else 0
