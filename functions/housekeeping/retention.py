"""Each term's rows are deleted batch by batch, archived where a setting says so.

A rule is a block of the .sql file of its system, beside this one.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from functions.housekeeping import archive, messages, redaction
from functions.housekeeping.pace import batch, rest
from functions.housekeeping.terms import TERMS, Term
from shared.clients.s3 import Bucket
from shared.database import sql
from shared.database.pool import Connection, Database

BATCH_ROWS = 1000
MAX_COUNTED = 10_000  # of one term, of those that are left for tomorrow
UPLOAD_SHARE = 1 / 3  # of a run's time, where there is an archive

_SYSTEMS = ("platform", "courses", "getcourse", "support", "learning", "salon")
SQL = {rule: text for system in _SYSTEMS for rule, text in sql.load(__file__, f"{system}.sql").items()}
RULES = tuple(term for term in TERMS if term.rule)


def parameters(term: Term, batch_rows: int | None, *, dry_run: bool) -> Mapping[str, Any]:
    """Of a rule: it looks at `batch_rows` due rows (None: at all) and answers how many they are (`due`).

    In a dry run it deletes none of them.
    """
    return {"days": term.days, "batch": batch_rows, "dry_run": dry_run}


async def run(
    database: Database, seconds: float, batch_rows: int = BATCH_ROWS, bucket: Bucket | None = None
) -> dict[str, int]:
    """Redact and delete batch by batch, each its own transaction, for at most `seconds`.

    Answers `done` and `remaining` rows; with a `bucket`, which gets what is deleted, also those that are `archived`.
    A term of which more than MAX_COUNTED rows remain counts as that many.
    """
    ends_at = time.monotonic() + seconds
    delete_until = ends_at if bucket is None else ends_at - seconds * UPLOAD_SHARE
    done, unfinished = 0, []
    async with database.connection() as connection:
        done += await redaction.redact(connection, delete_until, batch_rows)
        for term in RULES:
            deleted, is_finished = await _delete(connection, term, delete_until, batch_rows, archive=bucket is not None)
            done += deleted
            if not is_finished:
                unfinished.append(term)
        deleted, stopped_at = await messages.delete_messages(
            connection, delete_until, batch_rows, archive=bucket is not None
        )
        done += deleted
    done += await messages.delete_lanes(database, delete_until, batch_rows)
    archived = {} if bucket is None else {"archived": await archive.upload(database, bucket, ends_at)}
    return {"done": done, "remaining": await _remaining(database, stopped_at, unfinished), **archived}


async def _remaining(database: Database, stopped_at: int | None, unfinished: Sequence[Term]) -> int:
    async with database.connection() as connection:
        remaining = await redaction.remaining(connection, MAX_COUNTED)
        if stopped_at is not None:
            remaining += await messages.remaining(connection, stopped_at, MAX_COUNTED)
        for term in unfinished:
            remaining += await _apply(connection, term, MAX_COUNTED, dry_run=True)
    return remaining + await archive.waiting(database, MAX_COUNTED)


async def _delete(
    connection: Connection, term: Term, ends_at: float, batch_rows: int, *, archive: bool
) -> tuple[int, bool]:
    """How many rows left, and whether those were all."""
    done = 0
    while (began := time.monotonic()) < ends_at:
        due = await _apply(connection, term, batch_rows, dry_run=False, archive=archive)
        done += due
        if due < batch_rows:
            return done, True
        await rest(began, ends_at)
    return done, False


async def _apply(
    connection: Connection, term: Term, batch_rows: int | None, *, dry_run: bool, archive: bool = False
) -> int:
    async with batch(connection, archive=archive):
        return int(await sql.fetch_value(connection, SQL[term.rule], parameters(term, batch_rows, dry_run=dry_run)))
