"""A run: new bookings become rows, and those that are due are looked up, several salons side by side."""

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

MAX_SALONS_AT_ONCE = 8  # one that does not answer costs the others nothing


async def run(
    database: Database,
    yclients: YClients | None,
    secrets_key: str,
    seconds: float,
    seconds_apart: float = SECONDS_APART,
) -> dict[str, int]:
    """Enqueue new bookings, for half of `seconds`, and look up due ones until their end; what was done and `remaining`.

    Without YClients nothing is looked up. `secrets_key` opens the salons' tokens.
    """
    started = time.monotonic()
    new = await bookings.enqueue_new(database, started + seconds / 2)
    rate_limiter = RateLimiter(started + seconds, seconds_apart)
    done = await _look_up(database, yclients, secrets_key, rate_limiter) if yclients else Counter[str]()
    async with database.connection() as connection:
        remaining = await bookings.remaining(connection)
    counts = {name: done[name] for name in ("verified", "changed", "failed")}
    return {"done": new + counts["verified"], "remaining": remaining, "taken_in": new, **counts}


async def _look_up(database: Database, yclients: YClients, secrets_key: str, rate_limiter: RateLimiter) -> Counter[str]:
    salons = await bookings.salons(database, secrets_key)
    if unknown := sum(salon.branch is None for salon in salons):
        step = "put yclients_company_id and yclients_token into the metadata of tenants_v2, then carillon salon connect"
        logs.warning("salons_without_yclients", salons=unknown, next_step=step)
    lookups = [BookingLookup(database, yclients, rate_limiter, salon) for salon in salons if salon.branch]
    queue = deque(lookups)
    workers = [_work(queue) for _ in range(min(MAX_SALONS_AT_ONCE, len(queue)))]
    for result in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
    done: Counter[str] = Counter()
    for lookup in lookups:
        await lookup.finish()
        done.update(lookup.done)
    return done


async def _work(queue: deque[BookingLookup]) -> None:
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
