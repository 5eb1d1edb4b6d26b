"""What leaves, and when. A rule is a `delete_…` block in the .sql file beside this one; messages have their module."""

import time

from functions.housekeeping import messages
from shared.database import sql
from shared.database.pool import Database

BATCH_ROWS = 5000

_SQL = sql.load(__file__)
_RULES = [statement for name, statement in _SQL.items() if name.startswith("delete_")]


async def run(database: Database, seconds: float, batch_rows: int = BATCH_ROWS) -> dict[str, int]:
    """Delete batch by batch, each its own transaction, for at most `seconds`. Answers `done` and `remaining` rows."""
    ends_at = time.monotonic() + seconds
    done = 0
    async with database.connection() as connection:
        for rule in _RULES:
            while time.monotonic() < ends_at:
                deleted = (await connection.execute(rule, {"batch": batch_rows})).rowcount
                done += deleted
                if deleted < batch_rows:
                    break
        done += await messages.delete_messages(connection, ends_at, batch_rows)
    done += await messages.delete_lanes(database, ends_at, batch_rows)
    async with database.connection() as connection:
        remaining = await messages.remaining(connection) + int(await sql.fetch_value(connection, _SQL["remaining"]))
    return {"done": done, "remaining": remaining}
