"""How much a run may have in hand: more than it can send would wait here, leased, and would have to be given back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MAX_IN_FLIGHT = 1000  # of all bots: what one process sends in a second
MIN_CLAIM = 50  # when there is room for less, claims wait: one for many is cheaper
MAX_CLAIMS = 2  # at once: of three connections one is left to note what was sent


class Capacity:
    """Shared by the senders of a run, who take turns."""

    def __init__(self) -> None:
        """Nothing is in hand."""
        self._turns = asyncio.Semaphore(MAX_CLAIMS)
        self._room = MAX_IN_FLIGHT
        self._has_room = asyncio.Event()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[int]:
        """Wait for room and for one's turn to claim, first come, first served; the room there is, or a little less."""
        async with self._turns:
            while self._room < MIN_CLAIM:
                self._has_room.clear()
                await self._has_room.wait()
            yield self._room

    def take(self, messages: int) -> None:
        """They are in hand from now on."""
        self._room -= messages

    def give_back(self) -> None:
        """A message is no longer in hand."""
        self._room += 1
        self._has_room.set()
