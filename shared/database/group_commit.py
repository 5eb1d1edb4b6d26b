"""Group commit: what arrives together is written together.

While one write is under way, newcomers gather; the next write takes them all in one transaction. One poison
row never costs its neighbours: a group that fails is written again row by row.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

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
        most: int = 100,
        patience: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        """`write` must be safe to repeat with the same rows; `most` rows go into one transaction.

        After `patience` seconds a caller is told that the database is away, though its row may still be written.
        """
        self._patience = patience
        self._write = write
        self._most = most
        self._waiting: list[tuple[Row, asyncio.Future[Result]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, row: Row) -> Result:
        """The result of `row`, after its commit. Raises what `write` raised for this row, or DatabaseAway."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        try:
            async with asyncio.timeout(self._patience):
                return await future
        except TimeoutError:
            raise DatabaseUnavailable from None

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._write_group(group)

    async def _write_group(self, group: list[tuple[Row, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write_twice([row for row, _ in group])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for the row
            if len(group) > 1 and not isinstance(error, DatabaseUnavailable):
                for one in group:
                    await self._write_group([one])
                return
            if isinstance(error, DatabaseUnavailable):  # newcomers need not wait for the same discovery
                group, self._waiting = group + self._waiting, []
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():  # its caller may have gone
                future.set_result(result)

    async def _write_twice(self, rows: list[Row]) -> list[Result]:
        """GetCourse calls once: a connection that broke under us is worth a second try, a dead database is not."""
        started = time.monotonic()
        try:
            return await self._write(rows)
        except DatabaseUnavailable:
            if time.monotonic() - started > RETRY_WITHIN_SECONDS:
                raise
            return await self._write(rows)
