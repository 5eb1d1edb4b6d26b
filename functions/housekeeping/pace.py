"""Housekeeping works a quarter of the time at most, a little at a time: who needs the database by day finds it free."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.database.pool import Connection

RESTS = 3  # as long as a batch took, each
COMMIT_LATER = "set local synchronous_commit = off"  # no plan, so no block of a .sql file
ARCHIVE = "set local carillon.archive = on"  # the same: triggers keep what is deleted


@asynccontextmanager
async def batch(connection: Connection, *, archive: bool = False) -> AsyncIterator[None]:
    """A transaction that does not wait for the disk, and so keeps nobody else waiting for it.

    What a crash of Postgres undoes is due again. With `archive` what is deleted in it is queued for the archive.
    """
    async with connection.transaction():
        await connection.execute(COMMIT_LATER)
        if archive:
            await connection.execute(ARCHIVE)
        yield


async def rest(began: float, ends_at: float) -> None:
    """Sleep RESTS times as long as the batch took that began at monotonic time `began`, but not beyond `ends_at`."""
    now = time.monotonic()
    await asyncio.sleep(max(0.0, min(RESTS * (now - began), ends_at - now)))
