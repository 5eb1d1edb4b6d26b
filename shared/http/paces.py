"""A pace for each caller in this process: so many calls at once, then so many a second."""

import math
import time
from collections.abc import Callable, Hashable

from shared.errors import HttpProblem
from shared.http import responses

_MAX_KNOWN = 10_000  # callers; then those whose burst is whole again are forgotten


class Paces:
    """Whoever calls faster is refused, which costs hardly anything, and holds nobody up."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has called yet."""
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._next: dict[Hashable, float] = {}  # when a caller's whole burst is there again

    def take(self, whose: Hashable) -> None:
        """Count a call. Raises HttpProblem 429 when it comes too soon."""
        now = self._clock()
        ready = max(now, self._next.get(whose, now)) + 1 / self._per_second
        early = ready - now - self._burst / self._per_second
        if early > 0:
            detail = "Too many calls at once. Nothing is stored; call again in a moment."
            headers = responses.retry_after(math.ceil(early))
            raise HttpProblem(429, "Too Many", detail, reason="too_fast", headers=headers)
        if len(self._next) >= _MAX_KNOWN and whose not in self._next:
            self._next = {caller: until for caller, until in self._next.items() if until > now}
        self._next[whose] = ready
