"""One answer per Idempotency-Key, also while the first call still runs."""

import asyncio
import time

from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.http import idempotency, responses
from shared.http.idempotency import Answered, Busy, Claim

FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.02, 0.25
RETRY_AFTER_SECONDS = 5


async def begin(
    database: Database, client_id: int, key: str, asked: bytes, *, lease_seconds: float, patience_seconds: float
) -> Claim | Answered:
    """Take the key, or wait for the answer of whoever has it. Raises Refusal 409; 503 when that takes too long."""
    give_up_at = time.monotonic() + patience_seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        async with database.connection() as connection:
            taken = await idempotency.acquire(connection, client_id, key, asked, lease_seconds, alone=True)
        if not isinstance(taken, Busy):
            return taken
        if time.monotonic() > give_up_at:
            detail = "The first call with this Idempotency-Key still runs. Call again with the same key."
            raise HttpProblem(
                503, "Still Running", detail, reason="in_progress", headers=responses.retry_after(RETRY_AFTER_SECONDS)
            )
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, MAX_PAUSE_SECONDS)
