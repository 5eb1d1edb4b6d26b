"""Connections to Postgres. The only module that opens them.

Safe behind PgBouncer in transaction mode: no session state, autocommit outside explicit transactions, and no prepared
statements but where no pooler is in between.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from shared.database import connections, time_limit
from shared.database.connections import PooledConnection
from shared.errors import DatabaseUnavailable

Connection = psycopg.AsyncConnection[DictRow]
Row = DictRow
CheckViolation = errors.CheckViolation  # a value that its table refuses
DataError = psycopg.DataError  # a value that its statement cannot take
ForeignKeyViolation = errors.ForeignKeyViolation  # what a row belongs to is gone
UniqueViolation = errors.UniqueViolation  # there is such a row already

WAIT_SECONDS = 4.0  # for a connection
MAX_IDLE_SECONDS = 30.0  # the database has room for few connections, and a process that waits needs none
SIZE = 4

# Whose fault no statement is, and what another try may mend.
_UNAVAILABLE = (
    psycopg.OperationalError,  # it broke, locks (55P03), resources (53…), shutdown and start (57P01 to 57P03)
    errors.ReadOnlySqlTransaction,  # 25006: a standby after a failover, a provider's full disk
    errors.IdleInTransactionSessionTimeout,  # 25P03
)
_LIMIT_OF_A_ROW = "54"  # the class of limits that this very row exceeds; the database is there
# Somebody was in the way. The connection is as good as before.
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)


class Database:
    """A small pool of connections, opened on first use in the event loop that uses it."""

    def __init__(self, url: str, size: int = SIZE, max_idle_seconds: float = MAX_IDLE_SECONDS) -> None:
        """`url` is a postgresql:// address; `size` the maximum of connections; who is idle for longer is closed."""
        self._url = url
        self._max_idle_seconds = max_idle_seconds
        self._slots = asyncio.Semaphore(size)
        self._idle: list[PooledConnection] = []  # the one returned last is the last
        self._takes_options = True
        self._sweep: asyncio.TimerHandle | None = None
        self._sweeping: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in autocommit; open `connection.transaction()` where several statements belong together.

        Raises DatabaseUnavailable when there is none in time, when it breaks, is read-only or waits for a lock, when
        the time limit of this call is over, and when a commit is not on its synchronous standby.
        """
        limit = time_limit.current.get()
        try:
            with limit.counted():
                connection = await self._acquire(min(WAIT_SECONDS, limit.seconds_left))
            try:
                with limit.counted(), connection.cut_after(limit.seconds_left):
                    yield connection
            except BaseException as error:
                await self._release_after(connection, error)
                raise
            else:
                await self._release(connection)
            if connection.lacks_standby:
                raise DatabaseUnavailable("a commit is not on its standby")
        except errors.FeatureNotSupported as error:
            if not _is_plan_outdated(error):
                raise
            raise DatabaseUnavailable("the schema has just changed") from None
        except _UNAVAILABLE as error:
            if (error.sqlstate or "").startswith(_LIMIT_OF_A_ROW):
                raise
            raise DatabaseUnavailable(describe(error)) from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one short transaction. Raises DatabaseUnavailable."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def close(self) -> None:
        """Close all connections."""
        if self._sweep is not None:
            self._sweep.cancel()
        await self._close_idle()

    async def _acquire(self, seconds: float) -> PooledConnection:
        """A connection that works, within `seconds`. Raises DatabaseUnavailable, OperationalError."""
        if seconds <= 0:
            raise DatabaseUnavailable("the time of this call is over")
        until = time.monotonic() + seconds
        await self._wait_for_slot(seconds)
        try:
            return await self._idle_connection() or await self._new_connection(until)
        except BaseException:
            self._slots.release()
            raise

    async def _wait_for_slot(self, seconds: float) -> None:
        if not self._slots.locked():  # most often: asyncio.timeout costs more than the rest
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise DatabaseUnavailable("all connections are in use") from None

    async def _idle_connection(self) -> PooledConnection | None:
        """One that was returned and still works. Where one is dead, the others are: they lead to the same server."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable and await connection.is_alive():
                return connection
            await connection.close()
            await self._close_idle()
        return None

    async def _new_connection(self, until: float) -> PooledConnection:
        try:
            async with asyncio.timeout(until - time.monotonic()):
                connection, self._takes_options = await connections.connect(self._url, with_options=self._takes_options)
        except TimeoutError:
            raise DatabaseUnavailable("no connection in time") from None
        if self._takes_options:
            try:
                with connection.cut_after(until - time.monotonic()):
                    await connection.find_out_server()
            except BaseException:
                await connection.close()
                raise
        return connection

    async def _release_after(self, connection: PooledConnection, error: BaseException) -> None:
        """Take it back after `error`; an outage poisons it and those that were idle meanwhile: none is kept.

        Nor after a change of the schema: they have prepared what it had been before, too.
        """
        is_outage = isinstance(error, _UNAVAILABLE) and not isinstance(error, _BUSY)
        if is_outage or _is_plan_outdated(error):
            await connection.close()
            await self._close_idle()
        await self._release(connection)

    async def _release(self, connection: PooledConnection) -> None:
        if connection.is_reusable:
            connection.returned_at = time.monotonic()
            self._idle.append(connection)
            self._close_later()
        else:
            await connection.close()
        self._slots.release()

    def _close_later(self) -> None:
        """See that a process with nothing to do keeps no connection for long."""
        if self._sweep is None:
            seconds = self._idle[0].returned_at + self._max_idle_seconds - time.monotonic()
            self._sweep = asyncio.get_running_loop().call_later(max(seconds, 0.0), self._start_sweep)

    def _start_sweep(self) -> None:
        self._sweep = None
        self._sweeping = asyncio.create_task(self._close_long_idle())

    async def _close_long_idle(self) -> None:
        returned_before = time.monotonic() - self._max_idle_seconds
        old = [connection for connection in self._idle if connection.returned_at <= returned_before]
        self._idle = [connection for connection in self._idle if connection not in old]
        for connection in old:
            await connection.close()
        if self._idle:
            self._close_later()

    async def _close_idle(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()


def _is_plan_outdated(error: BaseException) -> bool:
    """Whether what a prepared statement answers has other columns than before: another connection prepares it anew."""
    return isinstance(error, errors.FeatureNotSupported) and error.diag.source_function == "RevalidateCachedQuery"


def describe(error: Exception) -> str:
    """What may be logged of a database error: class, SQLSTATE and constraint.

    Never its text: Postgres puts row values into DETAIL.
    """
    if isinstance(error, psycopg.Error):
        parts: list[Any] = [type(error).__name__, error.sqlstate, error.diag.constraint_name]
        return " ".join(part for part in parts if part)
    return type(error).__name__
