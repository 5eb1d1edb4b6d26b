"""What is valid now, kept for a few seconds, so that callers who are not known cost the database next to nothing."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Generic, TypeVar

from shared.database.pool import WAIT_SECONDS
from shared.errors import DatabaseUnavailable

CACHE_TTL_SECONDS = 5.0  # what is no longer valid is accepted for so long
MIN_REFRESH_SECONDS = 0.25  # unauthenticated calls cost the database at most four small reads a second

Content = TypeVar("Content")
Match = TypeVar("Match")

# Whether a call may wait for its turn to look something up. Where a process serves one request at a time, whoever
# waits holds up all others.
may_wait: ContextVar[bool] = ContextVar("may_wait", default=True)


class CredentialCache(Generic[Content]):
    """What `load` answered, for a few seconds."""

    def __init__(self, load: Callable[[], Awaitable[Content]], ttl: float = CACHE_TTL_SECONDS) -> None:
        """`load` reads all that is valid now; `ttl` is in seconds."""
        self._load = load
        self._ttl = ttl
        self._content: Content
        self._loaded_at = float("-inf")  # when that load began
        self._next_search_at = float("-inf")
        self._loading: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []  # for the next search
        self._next_turn: asyncio.Task[None] | None = None

    async def get(self, max_age: float | None = None) -> Content:
        """What `load` answered at most `max_age` seconds ago, or the cache's own. Raises DatabaseUnavailable."""
        if time.monotonic() - self._loaded_at > (self._ttl if max_age is None else max_age):
            await self._reload()
        return self._content

    async def find(self, match: Callable[[Content], Match | None]) -> Match | None:
        """What `match` finds; None only if it is missing in a load that began after this call.

        Calls that find nothing share a load every MIN_REFRESH_SECONDS, and wait for their turn if they may. Raises
        DatabaseUnavailable.
        """
        called_at = time.monotonic()
        found = match(await self.get())
        while found is None and self._loaded_at < called_at:
            is_busy = self._is_loading() or self._next_search_at > time.monotonic()
            if is_busy and may_wait.get():
                await self._wait_for_turn()
            elif self._is_loading() or not is_busy:
                await self._search()
            else:
                break
            found = match(self._content)
            if found is not None:  # it was new, and its search costs nobody else a turn
                self._next_search_at = float("-inf")
        return found

    async def _wait_for_turn(self) -> None:
        """Wait for the next load with all others whom the last one did not know. Raises DatabaseUnavailable."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if len(self._waiting) == 1:
            self._next_turn = asyncio.create_task(self._give_turns())
        await turn

    async def _give_turns(self) -> None:
        """Load, and wake those who wait for it one by one: all at once they would hold up everybody else's calls."""
        await asyncio.sleep(self._next_search_at - time.monotonic())
        began_at = time.monotonic()
        waiting, self._waiting = self._waiting, []
        failure = None
        try:
            while self._loaded_at < began_at:  # what was being read already may lack what is new
                await self._search()
        except Exception as error:  # noqa: BLE001 - it is theirs who wait
            failure = error
        for turn in waiting:
            if not turn.done():
                turn.set_exception(failure) if failure else turn.set_result(None)
                await asyncio.sleep(0)

    async def _search(self) -> None:
        if not self._is_loading():
            self._next_search_at = time.monotonic() + MIN_REFRESH_SECONDS
        await self._reload()

    def _is_loading(self) -> bool:
        return self._loading is not None and not self._loading.done()

    async def _reload(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):  # a pooler keeps a statement while its server is away
                if self._is_loading():
                    with suppress(DatabaseUnavailable):  # it began in an outage that may be over by now
                        return await self._join()
                return await self._join()
        except TimeoutError:
            raise DatabaseUnavailable from None

    async def _join(self) -> None:
        """Wait for a load with all others who do; what comes of it, comes to all."""
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._replace())
            self._loading.add_done_callback(_retrieve_exception)  # those who waited may have gone
        await asyncio.shield(self._loading)

    async def _replace(self) -> None:
        began_at = time.monotonic()
        self._content = await self._load()
        self._loaded_at = began_at


def _retrieve_exception(task: asyncio.Task[None]) -> None:
    """Whoever still waits for it gets the error; asyncio need not log it."""
    if not task.cancelled():
        task.exception()
