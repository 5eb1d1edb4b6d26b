"""Group commit: what arrives together is written together.

While one write is under way, newcomers gather; the next write takes them all in one transaction. One poison
row never costs its neighbours: a group that fails is written again row by row.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.database import isolate
from shared.errors import DatabaseUnavailable

Row = TypeVar("Row")
Result = TypeVar("Result")

ANSWER_WITHIN_SECONDS = 4.5
RETRY_WITHIN_SECONDS = 2.0  # a failover that takes longer is answered 503


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
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, row: Row) -> Result:
        """The result of `row`, after its commit. Raises what `write` raised for this row, or DatabaseUnavailable."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((row, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        expiry = loop.call_later(self._timeout, _expire, future)  # a fifth of what asyncio.timeout costs
        try:
            return await future
        finally:
            expiry.cancel()

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._max_rows], self._waiting[self._max_rows :]
            try:
                await isolate.settle(group, self._write_group, self._fail)
            except DatabaseUnavailable as error:
                failed, self._waiting = group + self._waiting, []  # newcomers need not wait for the same discovery
                for row in failed:
                    await self._fail(row, error)

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
