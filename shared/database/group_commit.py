"""Group commit: what arrives together is written together.

While one write is under way, newcomers gather; the next write takes them all in one transaction. One poison
row never costs its neighbours: a group that fails is written again row by row. A write that is stuck (somebody has a
lock) holds up nobody but its own group: after a moment newcomers are written beside it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.database import isolate, time_limit
from shared.errors import DatabaseUnavailable

Row = TypeVar("Row")
Result = TypeVar("Result")

ANSWER_WITHIN_SECONDS = 4.5
RETRY_WITHIN_SECONDS = 2.0  # a failover that takes longer is answered 503
STUCK_AFTER_SECONDS = 0.5
MAX_WRITERS = 3  # so many connections they need


class GroupCommit(Generic[Row, Result]):
    """Gathers rows of concurrent callers for one `write`, which answers one result per row, in order."""

    def __init__(
        self,
        write: Callable[[list[Row]], Awaitable[list[Result]]],
        *,
        max_rows: int = 100,
        timeout: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        """`write` must be safe to repeat with the same rows, at most `max_rows` at once.

        `timeout` is in seconds: later a caller gets DatabaseUnavailable, though its row may still be written.
        """
        self._timeout = timeout
        self._write = write
        self._max_rows = max_rows
        self._waiting: list[tuple[Row, asyncio.Future[Result]]] = []
        self._writers: set[asyncio.Task[None]] = set()
        self._open: asyncio.Task[None] | None = None  # the one of them that takes newcomers

    async def submit(self, row: Row) -> Result:
        """The result of `row`, after its commit. Raises what `write` raised for this row, or DatabaseUnavailable."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((row, future))
        self._start_writer()
        limit = time_limit.current.get()
        # A fifth of what asyncio.timeout costs.
        expiry = loop.call_later(min(self._timeout, limit.seconds_left), _expire, future)
        try:
            with limit.counted():
                return await future
        finally:
            expiry.cancel()

    def _start_writer(self) -> None:
        """Start a writer that takes newcomers, unless there is one, or as many as may be are stuck."""
        if self._waiting and self._open is None and len(self._writers) < MAX_WRITERS:
            self._open = asyncio.create_task(self._write_all())
            self._writers.add(self._open)

    async def _write_all(self) -> None:
        writer = asyncio.current_task()
        assert writer is not None
        limit = time_limit.current.get()
        try:
            while self._waiting and self._open in (None, writer):
                self._open = writer
                time_limit.current.set(limit.renewed())
                group, self._waiting = self._waiting[: self._max_rows], self._waiting[self._max_rows :]
                await self._settle(group, writer)
        finally:
            self._writers.discard(writer)
            if self._open is writer:
                self._open = None

    async def _settle(self, group: Sequence[tuple[Row, asyncio.Future[Result]]], writer: asyncio.Task[None]) -> None:
        stuck = asyncio.get_running_loop().call_later(STUCK_AFTER_SECONDS, self._pass_by, writer)
        try:
            await isolate.settle(group, self._write_group, self._fail)
        except DatabaseUnavailable as error:
            failed = list(group)
            if self._open is writer:  # newcomers need not wait for the same discovery
                failed, self._waiting = failed + self._waiting, []
            for row in failed:
                await self._fail(row, error)
        finally:
            stuck.cancel()

    def _pass_by(self, writer: asyncio.Task[None]) -> None:
        """Newcomers no longer wait for `writer`."""
        if self._open is writer:
            self._open = None
        self._start_writer()

    async def _write_group(self, group: Sequence[tuple[Row, asyncio.Future[Result]]]) -> None:
        results = await self._write_with_retry([row for row, _ in group])
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():  # its caller may have gone
                future.set_result(result)

    async def _fail(self, row: tuple[Row, asyncio.Future[Result]], error: Exception) -> None:
        _, future = row
        if not future.done():
            future.set_exception(error)

    async def _write_with_retry(self, rows: list[Row]) -> list[Result]:
        """GetCourse calls once: a connection that broke under us is worth a second try, a dead database is not."""
        started = time.monotonic()
        try:
            return await self._write(rows)
        except DatabaseUnavailable:
            if time.monotonic() - started > RETRY_WITHIN_SECONDS:
                raise
            return await self._write(rows)


def _expire(future: asyncio.Future[Result]) -> None:
    if not future.done():
        future.set_exception(DatabaseUnavailable())
