"""Copies of archived sessions for people, kept in step with them.

Ids are given out in order but may be committed in another, and sessions change after they were archived: so every run
copies what is new and then checks the newest that were copied before.
"""

import time

from shared.database import sql
from shared.database.pool import Database

BATCH_ROWS = 1000
RECHECK_WINDOW = 10_000  # ids

_SQL = sql.load(__file__)


async def copy(database: Database, ends_at: float) -> int:
    """Copy what is new or different until the monotonic time `ends_at`; how many rows were written.

    A run over what is there already writes nothing. What was not reached comes with the next run, the new ones first.
    """
    async with database.connection() as connection:
        newest = int(await sql.fetch_value(connection, _SQL["newest"]))
    new = await _copy(database, newest, None, ends_at)
    return new + await _copy(database, max(newest - RECHECK_WINDOW, 0), newest, ends_at)


async def _copy(database: Database, after: int, until: int | None, ends_at: float) -> int:
    """Sessions with `after` < id <= `until`, batch by batch, each its own transaction; how many rows were written."""
    written = 0
    while time.monotonic() < ends_at:
        async with database.connection() as connection:
            columns = {"after": after, "until": until, "batch": BATCH_ROWS}
            batch = await sql.fetch_one(connection, _SQL["copy"], columns)
        written += batch["written"]
        if batch["sessions"] < BATCH_ROWS:
            break
        after = batch["last"]
    return written
