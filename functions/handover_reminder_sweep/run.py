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
        handovers, muted = await _totals(connection)
    done: Counter[str] = Counter()
    while handovers and time.monotonic() < ends_at:
        settled = await due.batch(database, correlation_id)
        if settled is None:
            break
        done += settled
    while muted and time.monotonic() < ends_at:
        lifted = await unmute.unmute_expired(database)
        if not lifted:
            break
        done["unmuted"] += lifted
    remaining = 0
    if handovers or muted:
        async with database.connection() as connection:
            remaining = sum(await _totals(connection))
    counts = {name: done[name] for name in ("reminders", "closed", "unmuted")}
    return {"done": sum(counts.values()), "remaining": remaining, **counts}


async def _totals(connection: Connection) -> tuple[int, int]:
    """How many handovers and mutes are due."""
    row = await (await connection.execute(_SQL["totals"])).fetchone()
    assert row is not None
    return row["handovers"], row["mutes"]
