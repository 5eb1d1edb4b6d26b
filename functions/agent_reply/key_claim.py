"""An Idempotency-Key is claimed before the model is called; while another call has it, its answer is waited for."""

import asyncio
import time

from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.http import idempotency, responses
from shared.http.idempotency import Answered, Busy, Claim
from shared.http.turns import Places

MAX_WAITERS = 3  # for one key in one process: a person who presses again and again waits once
MIN_POLL_SECONDS, MAX_POLL_SECONDS = 0.02, 0.25
RETRY_AFTER_SECONDS = 5


class KeyClaims:
    """Claims keys in `database`, and knows who waits for them in this process."""

    def __init__(self, database: Database) -> None:
        """Nobody waits yet."""
        self._database = database
        self._asking, self._waiting = Places(), Places()

    async def acquire_or_wait(
        self, client_id: int, key: str, request: bytes, *, lease_seconds: float, timeout_seconds: float
    ) -> Claim | Answered:
        """Claim the key for `request` (its fingerprint), or wait for the answer of whoever has it.

        Raises HttpProblem: 409 when the key was given with another request, 503 when the wait exceeds `timeout_seconds`
        or MAX_WAITERS wait already.
        """
        give_up_at = time.monotonic() + timeout_seconds
        with self._asking.take({(client_id, key): MAX_WAITERS + 1}, _in_progress):  # the others cost no query
            while True:
                async with self._database.connection() as connection:
                    claim = await idempotency.acquire(connection, client_id, key, request, lease_seconds, alone=True)
                if not isinstance(claim, Busy):
                    return claim
                with self._waiting.take({(client_id, key): MAX_WAITERS}, _in_progress):
                    await self._until_it_changes(client_id, key, give_up_at)

    async def _until_it_changes(self, client_id: int, key: str, give_up_at: float) -> None:
        """Look, and write nothing, until the key has an answer or can be claimed. Raises HttpProblem 503."""
        pause = MIN_POLL_SECONDS
        while True:
            if time.monotonic() > give_up_at:
                raise _in_progress()
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, MAX_POLL_SECONDS)
            async with self._database.connection() as connection:
                if not await idempotency.is_busy(connection, client_id, key):
                    return


def _in_progress() -> HttpProblem:
    detail = "The first call with this Idempotency-Key still runs. Call again with the same key."
    headers = responses.retry_after(RETRY_AFTER_SECONDS)
    return HttpProblem(503, "Still Running", detail, reason="in_progress", headers=headers)
