"""A run: what is due, batch by batch, each its own short transaction, for as long as there is time."""

import time
from collections import Counter

from functions.handover_reminder_sweep import due, unmute
from shared.database import sql
from shared.database.pool import Connection, Database

_SQL = sql.load(__file__)


async def run(database: Database, seconds: float, correlation_id: str) -> dict[str, int]:
    """Settle what is due for at most `seconds`; what was done, and how much `remaining`. Idle, it asks once."""
    ends_at = time.monotonic() + seconds
    async with database.connection() as connection:
        handovers, mutes = await _totals(connection)
    done: Counter[str] = Counter()
    while handovers and time.monotonic() < ends_at:
        settled = await due.batch(database, correlation_id)
        if settled is None:
            break
        done += settled
    while mutes and time.monotonic() < ends_at:
        unmuted = await unmute.unmute_expired(database)
        if not unmuted:
            break
        done["unmuted"] += unmuted
    remaining = 0
    if handovers or mutes:
        async with database.connection() as connection:
            remaining = sum(await _totals(connection))
    counts = {name: done[name] for name in ("reminders", "closed", "unmuted")}
    return {"done": sum(counts.values()), "remaining": remaining, **counts}


async def _totals(connection: Connection) -> tuple[int, int]:
    """How many handovers and mutes are due."""
    row = await sql.fetch_one(connection, _SQL["totals"])
    return row["handovers"], row["mutes"]
