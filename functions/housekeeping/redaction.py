"""What a source's paths name in what came raw is replaced by "…", batch by batch, behind a mark of each source.

The database does it (migration 0051): this function may not read what came.
"""

import time
from collections.abc import Mapping
from typing import Any

from functions.housekeeping.pace import batch, rest
from functions.housekeeping.terms import REDACTED, Term
from shared.database import sql
from shared.database.pool import Connection

STATEMENT = sql.load(__file__)["redact"]


def parameters(term: Term, batch_rows: int, *, dry_run: bool) -> Mapping[str, Any]:
    """Of the statement, which walks `batch_rows` rows. In a dry run it changes none of them."""
    return {"table": term.table, "days": term.days, "batch": batch_rows, "dry_run": dry_run}


async def redact(connection: Connection, ends_at: float, batch_rows: int) -> int:
    """Redact what is due until the monotonic time `ends_at`; how many rows."""
    done = 0
    for term in REDACTED:
        while (began := time.monotonic()) < ends_at:
            async with batch(connection):
                found = await sql.fetch_one(connection, STATEMENT, parameters(term, batch_rows, dry_run=False))
            done += found["changed"]
            if found["walked"] < batch_rows:
                break
            await rest(began, ends_at)
    return done


async def remaining(connection: Connection, most: int) -> int:
    """How many of the next `most` rows of each table have something to redact."""
    counts = 0
    for term in REDACTED:
        found = await sql.fetch_one(connection, STATEMENT, parameters(term, most, dry_run=True))
        counts += found["changed"]
    return counts
