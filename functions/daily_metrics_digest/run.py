"""One tick: alerts, digests, copies of conversations; batch by batch, each its own short transaction."""

import time
from collections import Counter
from datetime import datetime

from functions.daily_metrics_digest import conversations
from functions.daily_metrics_digest.alerts import evaluate
from functions.daily_metrics_digest.digest import send
from functions.daily_metrics_digest.digest.metrics import Salon
from shared import logs
from shared.database import sql
from shared.database.pool import Database

COUNTS = ("metrics", "unaddressed", "broken", "failed")

_SQL = sql.load(__file__)


async def clock(database: Database) -> datetime:
    """What time it is."""
    async with database.connection() as connection:
        row = await (await connection.execute(_SQL["clock"])).fetchone()
    assert row is not None
    now: datetime = row["now"]
    return now


async def run(database: Database, seconds: float, correlation_id: str, now: datetime) -> dict[str, int]:
    """Do what is due at `now` for at most `seconds`, half of them for alerts; what was done, what is `remaining`."""
    started = time.monotonic()
    ends_at = started + seconds
    told = await evaluate.evaluate(database, started + seconds / 2)
    report = await run_digests(database, ends_at, correlation_id, now)
    copied = await conversations.copy(database, ends_at)
    return {**report, "alerts": told["told"], "conversations": copied}


async def run_digests(
    database: Database, ends_at: float, correlation_id: str, now: datetime, batch_rows: int = send.BATCH_ROWS
) -> dict[str, int]:
    """Metrics and digests of whoever is due at `now`, until the monotonic time `ends_at`."""
    due, broken = await _due(database, now)
    done: Counter[str] = Counter(broken=broken)
    at = 0
    while at < len(due) and time.monotonic() < ends_at:
        done += await send.batch(database, due[at : at + batch_rows], now, correlation_id)
        at += batch_rows
    return {"done": done["digests"], "remaining": len(due[at:]), **{name: done[name] for name in COUNTS}}


async def _due(database: Database, now: datetime) -> tuple[list[Salon], int]:
    """Whose digest is due, and how many salons live in a zone that nobody knows."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_SQL["due"], {"now": now})).fetchall()
    due = [Salon(**row) for row in rows if row["day"]]
    if broken := [str(row["tenant_id"]) for row in rows if not row["day"]]:
        next_step = "give them an IANA name in dashboard.tenant_settings.timezone"
        logs.error("unknown_timezone", salons=len(broken), first=broken[0], next_step=next_step)
    return due, len(broken)
