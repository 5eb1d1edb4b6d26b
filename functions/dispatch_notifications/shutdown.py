"""When a run has to end: its time budget is over, or the platform takes the process away (SIGTERM)."""

import asyncio
import time
from collections.abc import Coroutine
from typing import TypeVar

Answer = TypeVar("Answer")

SIGTERM_GRACE_SECONDS = 4.0  # of five: the rest is for noting what became of the messages


class Deadline:
    """The end of a run, which may come nearer."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is the time budget."""
        self._comes_at = time.monotonic() + seconds
        self._told = asyncio.Event()
        self._cuts_at = 0.0
        self._limits: set[asyncio.Timeout] = set()  # of what is under way

    @property
    def seconds_left(self) -> float:
        """How long new work may still be begun."""
        return 0.0 if self._told.is_set() else self._comes_at - time.monotonic()

    @property
    def has_come(self) -> bool:
        """Whether nothing new may be begun."""
        return self.seconds_left <= 0

    @property
    def is_forced(self) -> bool:
        """Whether the process is being taken away."""
        return self._told.is_set()

    def come_now(self) -> None:
        """The platform said so: nothing new is begun, and what is under way has seconds."""
        if not self._told.is_set():
            self._told.set()
            self._cuts_at = asyncio.get_running_loop().time() + SIGTERM_GRACE_SECONDS
            for limit in self._limits:
                limit.reschedule(self._cuts_at)

    async def allows_waiting(self, seconds: float) -> bool:
        """Wait for `seconds`; False, at once, when the process is being taken away."""
        if seconds > 0 and not self._told.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await self._told.wait()
            except TimeoutError:
                return True
        return not self._told.is_set()

    async def cut_short(self, work: Coroutine[None, None, Answer]) -> Answer | None:
        """The result of `work`; None when it is still under way as the process has to go."""
        try:
            async with asyncio.timeout(None) as limit:
                self._limits.add(limit)
                if self._told.is_set():
                    limit.reschedule(self._cuts_at)
                return await work
        except TimeoutError:
            return None
        finally:
            self._limits.discard(limit)
