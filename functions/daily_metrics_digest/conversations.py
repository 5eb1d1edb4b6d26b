"""Copies of archived sessions for people, kept in step with them.

Ids are given out in order but may be committed in another, and sessions change after they were archived: so every run
copies what is new and then looks again at the newest that were copied before.
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
        row = await (await connection.execute(_SQL["greatest"])).fetchone()
    assert row is not None
    known = row["session"]
    new = await _copy(database, known, None, ends_at)
    return new + await _copy(database, max(known - RECHECK_WINDOW, 0), known, ends_at)


async def _copy(database: Database, after: int, until: int | None, ends_at: float) -> int:
    """Batch by batch, each its own transaction."""
    written = 0
    while time.monotonic() < ends_at:
        async with database.connection() as connection:
            columns = {"after": after, "until": until, "batch": BATCH_ROWS}
            row = await (await connection.execute(_SQL["copy"], columns)).fetchone()
        assert row is not None
        written += row["written"]
        if row["seen"] < BATCH_ROWS:
            break
        after = row["reached"]
    return written
