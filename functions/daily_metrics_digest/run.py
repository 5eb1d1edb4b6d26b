"""A run: alerts, digests, copies of conversations; batch by batch, each its own short transaction."""

import time
from collections import Counter
from datetime import datetime

from functions.daily_metrics_digest import conversations
from functions.daily_metrics_digest.alerts import evaluate
from functions.daily_metrics_digest.digest import due, send
from shared.database import sql
from shared.database.pool import Database

COUNTS = ("metrics", "unaddressed", "broken", "failed")

_SQL = sql.load(__file__)


async def clock(database: Database) -> datetime:
    """The database's time."""
    async with database.connection() as connection:
        now: datetime = await sql.fetch_value(connection, _SQL["clock"])
    return now


async def run(database: Database, seconds: float, correlation_id: str, now: datetime) -> dict[str, int]:
    """Do what is due at `now` for at most `seconds`, half of them for alerts; what was done, what is `remaining`."""
    started = time.monotonic()
    ends_at = started + seconds
    alerts = await evaluate.evaluate(database, started + seconds / 2)
    report = await run_digests(database, ends_at, correlation_id, now)
    copied = await conversations.copy(database, ends_at)
    return {**report, "alerts": alerts["sent"], "conversations": copied}


async def run_digests(
    database: Database, ends_at: float, correlation_id: str, now: datetime, batch_rows: int = send.BATCH_ROWS
) -> dict[str, int]:
    """Metrics and digests of the salons due at `now`, until the monotonic time `ends_at`."""
    salons = await due.load_due(database, now)
    done = Counter(broken=sum(salon.unknown_zone is not None for salon in salons))
    while salons and time.monotonic() < ends_at:
        batch, salons = salons[:batch_rows], salons[batch_rows:]
        done += await send.send(database, batch, now, correlation_id)
    return {"done": done["digests"], "remaining": len(salons), **{name: done[name] for name in COUNTS}}
