"""Log lines of refused requests: a flood of them writes a few a second, and says how many it did not write."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from shared import logs

LINES_PER_SECOND = 10  # of one function, event and status

_Kind = tuple[str, str, int]


@dataclass
class _Written:
    """What was written of a kind in the second that began last, and left out since the last line."""

    began_at: float
    lines: int = 0
    unlogged: int = 0


class RefusalLines:
    """Writes them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds."""
        self._clock = clock
        self._written: dict[_Kind, _Written] = {}

    def refused(self, status: int, title: str, reason: str) -> None:
        """A caller heard what to mend."""
        unlogged = self._count("refused", status)
        if unlogged is not None:
            logs.info("refused", status=status, title=title, reason=reason, unlogged=unlogged or None)

    def stranger(self, method: str) -> None:
        """Somebody who is not known was told that there is nothing."""
        unlogged = self._count("stranger", 404)
        if unlogged is not None:
            logs.warning("stranger", method=method, unlogged=unlogged or None)

    def _count(self, event: str, status: int) -> int | None:
        """None: not to be written. Otherwise how many were not, since the last that was."""
        now = self._clock()
        written = self._written.setdefault((logs.function.get(), event, status), _Written(now))
        if now - written.began_at >= 1:
            written.began_at, written.lines = now, 0
        if written.lines == LINES_PER_SECOND:
            written.unlogged += 1
            return None
        written.lines += 1
        unlogged, written.unlogged = written.unlogged, 0
        return unlogged
