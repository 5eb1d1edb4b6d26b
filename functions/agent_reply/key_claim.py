"""An Idempotency-Key is claimed before the model is called; while another call has it, its answer is waited for."""

import asyncio
import time

from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.http import idempotency, responses
from shared.http.idempotency import Answered, Busy, Claim

MIN_POLL_SECONDS, MAX_POLL_SECONDS = 0.02, 0.25
RETRY_AFTER_SECONDS = 5


async def acquire_or_wait(
    database: Database, client_id: int, key: str, request: bytes, *, lease_seconds: float, timeout_seconds: float
) -> Claim | Answered:
    """Claim the key for `request` (its fingerprint), or wait for the answer of whoever has it.

    Raises HttpProblem: 409 when the key was given with another request, 503 when the wait exceeds `timeout_seconds`.
    """
    give_up_at = time.monotonic() + timeout_seconds
    pause = MIN_POLL_SECONDS
    while True:
        async with database.connection() as connection:
            claim = await idempotency.acquire(connection, client_id, key, request, lease_seconds, alone=True)
        if not isinstance(claim, Busy):
            return claim
        if time.monotonic() > give_up_at:
            detail = "The first call with this Idempotency-Key still runs. Call again with the same key."
            raise HttpProblem(
                503, "Still Running", detail, reason="in_progress", headers=responses.retry_after(RETRY_AFTER_SECONDS)
            )
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, MAX_POLL_SECONDS)
