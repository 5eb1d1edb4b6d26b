"""Turns at something of which there is little: so many at once, and of them only a share for one party."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
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


class Places:
    """So many at once for each key; whoever finds none free is refused, and waits for nothing."""

    def __init__(self) -> None:
        """All are free."""
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def take(self, bounds: Mapping[Hashable, int], refusal: Callable[[], Exception]) -> Iterator[None]:
        """Have a place of each key, of which there are so many. Raises `refusal()`."""
        if any(self._taken[key] >= bound for key, bound in bounds.items()):
            raise refusal()
        self._taken.update(bounds.keys())
        try:
            yield
        finally:
            self._taken.subtract(bounds.keys())
            self._taken += Counter()  # forgets whoever has none
