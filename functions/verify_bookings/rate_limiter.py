"""How often YClients may be asked: 5 times a second and 200 times a minute per address, so the same for all salons."""

import asyncio
import time

SECONDS_APART = 0.3  # keeps both
AFTER_LIMIT_SECONDS = 10.0


class RateLimiter:
    """Spaces calls `seconds_apart`, first come, first served, until the run's time is over."""

    def __init__(self, ends_at: float, seconds_apart: float = SECONDS_APART) -> None:
        """`ends_at` is monotonic time."""
        self._ends_at = ends_at
        self._seconds_apart = seconds_apart
        self._next = 0.0

    async def wait(self) -> bool:
        """Whether the caller may call now; False: the run's time is over."""
        now = time.monotonic()
        moment = max(self._next, now)
        if moment >= self._ends_at:
            return False
        self._next = moment + self._seconds_apart
        await asyncio.sleep(moment - now)
        return True

    def back_off(self, seconds: float = AFTER_LIMIT_SECONDS) -> None:
        """Let nobody call for `seconds`: YClients counts all our calls together."""
        self._next = max(self._next, time.monotonic() + seconds)
