"""Turns at something of which there is little: so many at once, and of them only a share for one party."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """Whoever is slow holds up their own, and nobody else."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """Nobody has a turn yet."""
        self._all = asyncio.Semaphore(most)
        self._most_of_one = most_of_one
        self._of_one: WeakValueDictionary[Hashable, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, whose: Hashable) -> AsyncIterator[None]:
        """Wait for a turn and have it. Who waits for one of their own takes none of the others'."""
        own = self._of_one.setdefault(whose, asyncio.Semaphore(self._most_of_one))
        async with own, self._all:
            yield
