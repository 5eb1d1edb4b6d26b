"""Messages that ended long ago, and the lanes that nobody uses any more."""

import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from functions.housekeeping.pace import batch, rest
from functions.housekeeping.terms import FAILED, LANES, SENT
from shared import logs
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import DatabaseUnavailable

LOCKED_ROWS = 500  # at a time, so that nobody who enqueues waits for longer than some milliseconds
LOCK_CHATS = "lock table platform.lanes in share row exclusive mode"  # no plan, so no block of the .sql file

SQL = sql.load(__file__)
DAYS = {"sent_days": SENT.days, "failed_days": FAILED.days}
IDLE = {"days": LANES.days}


async def delete_messages(
    connection: Connection, ends_at: float, batch_rows: int, *, archive: bool = False
) -> tuple[int, int | None]:
    """Delete messages that ended long ago, the oldest first, until the monotonic time `ends_at`; `archive` as `batch`.

    How many, and the id after which there may be more; None when those were all.
    """
    done, after = 0, 0
    while (began := time.monotonic()) < ends_at:
        parameters = {**DAYS, "after": after, "batch": batch_rows}
        async with batch(connection, archive=archive):
            deleted = await sql.fetch_one(connection, SQL["delete_messages"], parameters)
        done += deleted["deleted"]
        if deleted["is_the_end"]:
            return done, None
        after = deleted["last"]
        await rest(began, ends_at)
    return done, after


async def delete_lanes(database: Database, ends_at: float, batch_rows: int) -> int:
    """Delete lanes that were idle for a week, then chats that pace no other lane; how many rows."""
    done = 0
    for chats_own in (False, True):
        async for lanes in _idle_lanes(database, ends_at, batch_rows, chats_own=chats_own):
            began = time.monotonic()
            try:
                done += await _delete_idle(database, lanes, exclusive=chats_own)
            except DatabaseUnavailable as error:
                if not chats_own:
                    raise
                logs.warning("lanes_were_busy", error=str(error))  # tomorrow is another day
                break
            await rest(began, ends_at)
    return done


async def _idle_lanes(
    database: Database, ends_at: float, batch_rows: int, *, chats_own: bool
) -> AsyncIterator[Sequence[tuple[int, str]]]:
    """One walk through all lanes that locks nothing; some lanes at a time."""
    position: dict[str, Any] | None = {"bot": 0, "lane": ""}
    while position and time.monotonic() < ends_at:
        walk = {**IDLE, **position, "batch": batch_rows, "chats_own": chats_own}
        async with database.connection() as connection:
            found = await sql.fetch_one(connection, SQL["find_idle_lanes"], walk)
        position = found["last"]
        for first in range(0, len(found["idle"]), LOCKED_ROWS):
            yield found["idle"][first : first + LOCKED_ROWS]


async def _delete_idle(database: Database, lanes: Sequence[tuple[int, str]], *, exclusive: bool) -> int:
    """How many of these were idle still. `exclusive` keeps everybody from writing to lanes meanwhile."""
    columns = {**IDLE, "bots": [bot for bot, _ in lanes], "lanes": [lane for _, lane in lanes]}
    async with database.transaction() as connection:
        if exclusive:
            await connection.execute(SQL["wait_briefly"])
            await connection.execute(LOCK_CHATS)
        return (await connection.execute(SQL["delete_idle_lanes"], columns)).rowcount


async def remaining(connection: Connection, after: int, rows: int) -> int:
    """How many of the next so many messages after an id are due to leave."""
    walk = {**DAYS, "after": after, "batch": rows}
    return sum((await sql.fetch_one(connection, SQL["remaining"], walk)).values())
