"""Each term's rows are deleted batch by batch. A rule is a block of the .sql file of its system, beside this one."""

import time
from collections.abc import Mapping
from typing import Any

from functions.housekeeping import messages
from functions.housekeeping.pace import batch, rest
from functions.housekeeping.terms import TERMS, Term
from shared.database import sql
from shared.database.pool import Connection, Database

BATCH_ROWS = 1000
MAX_COUNTED = 10_000  # of one term, of those that are left for tomorrow

_SYSTEMS = ("platform", "courses", "getcourse", "support", "learning", "salon")
SQL = {rule: text for system in _SYSTEMS for rule, text in sql.load(__file__, f"{system}.sql").items()}
RULES = tuple(term for term in TERMS if term.rule)


def parameters(term: Term, batch_rows: int | None, *, dry_run: bool) -> Mapping[str, Any]:
    """Of a rule: it looks at `batch_rows` due rows (None: at all) and answers how many they are (`due`).

    In a dry run it deletes none of them.
    """
    return {"days": term.days, "batch": batch_rows, "dry_run": dry_run}


async def run(database: Database, seconds: float, batch_rows: int = BATCH_ROWS) -> dict[str, int]:
    """Delete batch by batch, each its own transaction, for at most `seconds`. Answers `done` and `remaining` rows.

    A term of which more than MAX_COUNTED rows remain counts as that many.
    """
    ends_at = time.monotonic() + seconds
    done, unfinished = 0, []
    async with database.connection() as connection:
        for term in RULES:
            deleted, is_finished = await _delete(connection, term, ends_at, batch_rows)
            done += deleted
            if not is_finished:
                unfinished.append(term)
        deleted, stopped_at = await messages.delete_messages(connection, ends_at, batch_rows)
        done += deleted
    done += await messages.delete_lanes(database, ends_at, batch_rows)
    async with database.connection() as connection:
        remaining = 0 if stopped_at is None else await messages.remaining(connection, stopped_at, MAX_COUNTED)
        for term in unfinished:
            remaining += await _apply(connection, term, MAX_COUNTED, dry_run=True)
    return {"done": done, "remaining": remaining}


async def _delete(connection: Connection, term: Term, ends_at: float, batch_rows: int) -> tuple[int, bool]:
    """How many rows left, and whether those were all."""
    done = 0
    while (began := time.monotonic()) < ends_at:
        due = await _apply(connection, term, batch_rows, dry_run=False)
        done += due
        if due < batch_rows:
            return done, True
        await rest(began, ends_at)
    return done, False


async def _apply(connection: Connection, term: Term, batch_rows: int | None, *, dry_run: bool) -> int:
    async with batch(connection):
        return int(await sql.fetch_value(connection, SQL[term.rule], parameters(term, batch_rows, dry_run=dry_run)))
