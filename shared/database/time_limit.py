"""How long a call may wait for the database, all its connections together. Without a limit it may wait for ever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf

REQUEST_SECONDS = 4.0  # so that a caller gets 503 within 5 s
ENDING_SECONDS = 2.0  # a run whose budget is over may still note what it did


class TimeLimit:
    """The limit of a request: seconds that it spends in the database, and not those of a language model."""

    def __init__(self, seconds: float = REQUEST_SECONDS) -> None:
        """`seconds` of the database in all."""
        self._seconds = self._left = seconds

    @property
    def seconds_left(self) -> float:
        """How long the next connection may be used."""
        return max(self._left, 0.0)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """The database is used inside, or waited for."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._left -= time.monotonic() - started

    def renewed(self) -> "TimeLimit":
        """The limit of work that several requests share."""
        return TimeLimit(self._seconds)


class RunLimit(TimeLimit):
    """The limit of a scheduled run: the end of its budget, by the clock, for its many connections at once."""

    def __init__(self, seconds: float, *, ending: float = ENDING_SECONDS) -> None:
        """`seconds` is the time budget, from now on; what ends the run has `ending` seconds in any case."""
        super().__init__(seconds)
        self._ends_at = time.monotonic() + seconds
        self._ending = ending

    @property
    def seconds_left(self) -> float:
        """Until the end of the budget, or what the ending has."""
        return max(self._ends_at - time.monotonic(), self._ending)

    def renewed(self) -> TimeLimit:
        """The same: time goes on."""
        return self


current: ContextVar[TimeLimit] = ContextVar("time_limit", default=TimeLimit(inf))  # noqa: B039 - never changes: inf - n
