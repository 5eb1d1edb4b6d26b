"""Connections to Postgres. The only module that opens one.

Safe behind PgBouncer in transaction mode: no prepared statements, no session state, autocommit outside
explicit transactions.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from shared.errors import DatabaseUnavailable

Connection = psycopg.AsyncConnection[DictRow]
Row = DictRow
DataError = psycopg.DataError  # a value that its statement cannot take
ForeignKeyViolation = psycopg.errors.ForeignKeyViolation  # what a row belongs to is gone

WAIT_SECONDS = 4.0  # so that a caller gets 503 within 5 s
MAX_LIFETIME_SECONDS = 240.0
HEALTHY_FOR_SECONDS = 1.0  # a connection that was returned just now is not checked


class _Pooled(psycopg.AsyncConnection[DictRow]):
    """A connection that knows when it was returned."""

    idle_since = 0.0


class Database:
    """A small pool of connections, opened on first use in the event loop that uses it."""

    def __init__(self, url: str, size: int = 2) -> None:
        """`url` is a postgresql:// address; `size` the maximum of connections."""
        self._url = url
        self._size = size
        self._pool: AsyncConnectionPool[_Pooled] | None = None

    async def _opened(self) -> AsyncConnectionPool[_Pooled]:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                self._url,
                connection_class=_Pooled,
                min_size=0,
                max_size=self._size,
                max_lifetime=MAX_LIFETIME_SECONDS,
                timeout=WAIT_SECONDS,
                reconnect_timeout=0,
                reset=_mark_returned,
                check=_check_if_idle,
                kwargs={"autocommit": True, "prepare_threshold": None, "row_factory": dict_row, "connect_timeout": 4},
                open=False,
            )
            await self._pool.open()
        return self._pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in autocommit; open `connection.transaction()` where several statements belong together.

        Raises DatabaseUnavailable when there is none in time, or when it breaks.
        """
        pool = await self._opened()
        try:
            async with pool.connection() as connection:
                yield connection
        except (PoolTimeout, psycopg.OperationalError, psycopg.errors.IdleInTransactionSessionTimeout) as error:
            if (error.sqlstate or "").startswith("54"):
                raise  # a limit that this very row exceeds; the database is there
            raise DatabaseUnavailable(describe(error)) from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one short transaction. Raises DatabaseUnavailable."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


async def _mark_returned(connection: _Pooled) -> None:
    connection.idle_since = time.monotonic()


async def _check_if_idle(connection: _Pooled) -> None:
    """A function may have been frozen for hours, and its connections with it."""
    if time.monotonic() - connection.idle_since > HEALTHY_FOR_SECONDS:
        await AsyncConnectionPool.check_connection(connection)


def describe(error: Exception) -> str:
    """What may be logged of a database error: class, SQLSTATE and constraint.

    Never its text: Postgres puts row values into DETAIL.
    """
    if isinstance(error, psycopg.Error):
        parts: list[Any] = [type(error).__name__, error.sqlstate, error.diag.constraint_name]
        return " ".join(part for part in parts if part)
    return type(error).__name__
