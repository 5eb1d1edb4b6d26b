"""A run: new bookings are taken in, and those that are due are looked up, several salons side by side."""

import asyncio
import time
from collections import Counter, deque

from functions.verify_bookings import bookings
from functions.verify_bookings.lookup import BookingLookup
from functions.verify_bookings.rate_limiter import SECONDS_APART, RateLimiter
from shared import logs
from shared.clients.yclients import YClients
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable

SIDE_BY_SIDE = 8  # salons; one that does not answer costs the others nothing


async def run(
    database: Database, yclients: YClients | None, seconds: float, seconds_apart: float = SECONDS_APART
) -> dict[str, int]:
    """Take in and look up for at most `seconds`; what was done, and how much `remaining`.

    Without YClients bookings are only taken in.
    """
    ends_at = time.monotonic() + seconds
    taken_in = await bookings.enqueue_new(database)
    pace = RateLimiter(ends_at, seconds_apart)
    done = await _look_up(database, yclients, pace) if yclients else Counter[str]()
    async with database.connection() as connection:
        remaining = await bookings.remaining(connection)
    counts = {name: done[name] for name in ("verified", "changed", "failed")}
    return {"done": taken_in + counts["verified"], "remaining": remaining, "taken_in": taken_in, **counts}


async def _look_up(database: Database, yclients: YClients, pace: RateLimiter) -> Counter[str]:
    salons = await bookings.salons(database)
    if unknown := sum(salon.branch is None for salon in salons):
        step = "put yclients_company_id and yclients_token into the metadata of tenants_v2"
        logs.warning("salons_without_yclients", salons=unknown, next_step=step)
    lookups = [BookingLookup(database, yclients, pace, salon) for salon in salons if salon.branch]
    queue = deque(lookups)
    workers = [_take_turns(queue) for _ in range(min(SIDE_BY_SIDE, len(queue)))]
    for ended in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended
    done: Counter[str] = Counter()
    for lookup in lookups:
        await lookup.finish()
        done.update(lookup.done)
    return done


async def _take_turns(queue: deque[BookingLookup]) -> None:
    while queue:
        lookup = queue.popleft()
        try:
            if await lookup.step():
                queue.append(lookup)
        except DatabaseUnavailable:
            queue.clear()
            raise
        except Exception as error:  # noqa: BLE001 - one broken salon delays nobody
            logs.error("salon_not_looked_up", cause=error, tenant=str(lookup.tenant_id))
