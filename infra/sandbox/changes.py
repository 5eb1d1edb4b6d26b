"""Who waits for something to happen in the sandbox learns of it at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Changes:
    """Counts what happens; `after` waits for more."""

    def __init__(self) -> None:
        self.number = 0
        self.is_over = False
        self._next: asyncio.Event | None = None

    def notify(self) -> None:
        """Something has happened."""
        self.number += 1
        waiting, self._next = self._next, None
        if waiting:
            waiting.set()

    def end(self) -> None:
        """Let nobody wait any more."""
        self.is_over = True
        self.notify()

    async def after(self, number: int, seconds: float) -> int:
        """The count: once it is above `number`, or when `seconds` are over."""
        if self.number <= number and not self.is_over:
            self._next = self._next or asyncio.Event()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._next.wait()
        return self.number


def nobody() -> None:
    """For a state that nobody watches."""
