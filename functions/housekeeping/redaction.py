"""What a source's paths name in its raw payloads is replaced by "…", batch by batch, behind a mark of each source."""

import time
from collections.abc import Mapping
from typing import Any

from functions.housekeeping.pace import batch, rest
from functions.housekeeping.terms import REDACTED_ACCOUNT_EVENTS, REDACTED_ANSWERS, Term
from shared.database import sql
from shared.database.pool import Connection

SQL = sql.load(__file__)
STATEMENTS = {REDACTED_ANSWERS: "redact_answers", REDACTED_ACCOUNT_EVENTS: "redact_account_events"}


def parameters(term: Term, batch_rows: int, *, dry_run: bool) -> Mapping[str, Any]:
    """Of a statement, which walks `batch_rows` rows. In a dry run it changes none of them."""
    return {"days": term.days, "batch": batch_rows, "dry_run": dry_run}


async def redact(connection: Connection, ends_at: float, batch_rows: int) -> int:
    """Redact what is due until the monotonic time `ends_at`; how many rows."""
    done = 0
    for term, statement in STATEMENTS.items():
        while (began := time.monotonic()) < ends_at:
            async with batch(connection):
                found = await sql.fetch_one(connection, SQL[statement], parameters(term, batch_rows, dry_run=False))
            done += found["changed"]
            if found["walked"] < batch_rows:
                break
            await rest(began, ends_at)
    return done


async def remaining(connection: Connection, most: int) -> int:
    """How many of the next `most` rows of each table have something to redact."""
    counts = 0
    for term, statement in STATEMENTS.items():
        found = await sql.fetch_one(connection, SQL[statement], parameters(term, most, dry_run=True))
        counts += found["changed"]
    return counts
