"""One connection to Postgres: how it is made, whether it may be used again, and how it is ended while it is stuck."""

import asyncio
import os
import re
import select
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from math import isinf
from typing import Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

LOCK_SECONDS = 2  # a table that a migration has locked: whoever waits longer is answered 503
MAX_LIFETIME_SECONDS = 240.0
HEALTHY_FOR_SECONDS = 1.0  # a connection that was returned just now is not checked unless its server sent something
MAX_SESSION_IDLE_SECONDS = 60  # then the server ends it: who is frozen with an idle connection cannot give it back
CONNECT_SECONDS = 4  # to all hosts of an address, one after the other
CHECK_SECONDS = 1.0
CANCEL_SECONDS = 0.4
PREPARE_AFTER = 5  # times on one connection

_OPTIONS = f"-c lock_timeout={LOCK_SECONDS}s -c idle_session_timeout={MAX_SESSION_IDLE_SECONDS}s"
_REFUSED_OPTION = re.compile("startup parameter|command-line options")  # by PgBouncer, by RDS Proxy
_WHO = "select current_setting('lock_timeout') as lock_timeout, pg_catalog.pg_backend_pid() as pid"
_SET_LOCK_TIMEOUT = f"select set_config('lock_timeout', '{LOCK_SECONDS}s', true)"


class PooledConnection(psycopg.AsyncConnection[DictRow]):
    """A connection in autocommit whose statements wait LOCK_SECONDS for a lock at most.

    Directly it is told so when it connects, at no cost. A pooler in transaction mode keeps no settings of a session:
    there each transaction is told, and a statement outside of one.
    """

    is_limited = False  # by its startup options
    is_cut = False
    lacks_standby = False  # a commit was not waited for until its standby had it
    connected_at = 0.0
    returned_at = 0.0
    _hanging_up: asyncio.Task[None] | None = None
    _pool = None  # psycopg need not warn that a process ends with open connections

    @classmethod
    async def open(cls, url: str, *, with_options: bool) -> Self:
        """A new connection. Raises psycopg.OperationalError."""
        parts = conninfo_to_dict(url)
        given, hosts = str(parts.get("options") or ""), str(parts.get("host") or "").split(",")
        connection = await cls.connect(
            make_conninfo(url, options=f"{given} {_OPTIONS}".strip() if with_options else given or None),
            autocommit=True,
            prepare_threshold=None,  # until it is known who is at the other end
            row_factory=dict_row,
            connect_timeout=max(CONNECT_SECONDS // len(hosts), 2),  # less than two libpq does not know
        )
        connection.connected_at = time.monotonic()
        connection.add_notice_handler(connection.on_notice)
        return connection

    async def find_out_server(self) -> None:
        """Whether this is the server, or a pooler that ignored the startup options. Raises psycopg.OperationalError.

        A server is what it said it was when it was connected to; a pooler said an id of its own. Only where the next
        statement meets the same session, what is asked often is planned once.
        """
        [found] = await (await super().execute(_WHO)).fetchall()
        self.is_limited = found["lock_timeout"] == f"{LOCK_SECONDS}s"
        if found["pid"] == self.info.backend_pid:
            self.prepare_threshold = PREPARE_AFTER

    async def execute(self, query: Any, params: Any = None, **kwargs: Any) -> psycopg.AsyncCursor[DictRow]:
        """As psycopg's."""
        if self.is_limited or self.pgconn.transaction_status != TransactionStatus.IDLE:
            return await super().execute(query, params, **kwargs)
        async with self.transaction():
            return await super().execute(query, params, **kwargs)

    @asynccontextmanager
    async def transaction(
        self,
        savepoint_name: str | None = None,
        force_rollback: bool = False,  # noqa: FBT001, FBT002 - as psycopg's
    ) -> AsyncIterator[psycopg.AsyncTransaction]:
        """As psycopg's."""
        is_told = self.is_limited or self.pgconn.transaction_status != TransactionStatus.IDLE
        async with super().transaction(savepoint_name, force_rollback) as transaction:
            if not is_told:
                await super().execute(_SET_LOCK_TIMEOUT)
            yield transaction

    def on_notice(self, notice: psycopg.errors.Diagnostic) -> None:
        """Whoever cancels the wait for a synchronous standby is told so by a warning alone: the commit succeeds."""
        if notice.source_function == "SyncRepWaitForLSN":
            self.lacks_standby = True

    @property
    def is_reusable(self) -> bool:
        """Whether the next caller may have it: it works, and leads to no server that may only be read."""
        return not (
            self.is_cut
            or self.lacks_standby
            or self.closed
            or self.pgconn.transaction_status != TransactionStatus.IDLE
            or b"on" in (self._reported(b"in_hot_standby"), self._reported(b"default_transaction_read_only"))
            or time.monotonic() - self.connected_at > MAX_LIFETIME_SECONDS
        )

    def _has_news(self) -> bool:
        """Whether the server said something unasked: that it ends, that it is read-only by now."""
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return bool(poll.poll(0))

    def _reported(self, name: bytes) -> bytes | None:
        """A setting that the server reports whenever it changes; None behind some poolers."""
        return self.pgconn.parameter_status(name)

    async def is_alive(self) -> bool:
        """Whether the server still answers. A function may have been frozen for hours, and its connections with it."""
        if time.monotonic() - self.returned_at < HEALTHY_FOR_SECONDS and not self._has_news():
            return True
        try:
            with self.cut_after(CHECK_SECONDS):
                await super().execute("")
        except psycopg.OperationalError:
            return False
        return self.is_reusable

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """After `seconds`, whatever runs inside fails with psycopg.OperationalError, even if the server hangs."""
        if isinf(seconds):
            yield
            return
        timer = asyncio.get_running_loop().call_later(seconds, self._cut)
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.is_cut = True
        self._hanging_up = asyncio.create_task(self._hang_up())

    async def _hang_up(self) -> None:
        """Ask the server to stop, for it would go on alone and hold its locks; then hang up."""
        with suppress(psycopg.Error, OSError):
            await self.cancel_safe(timeout=CANCEL_SECONDS)
        with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)


async def connect(url: str, *, with_options: bool) -> tuple[PooledConnection, bool]:
    """A new connection, and whether the next one is worth trying `with_options`. Raises psycopg.OperationalError."""
    try:
        connection = await PooledConnection.open(url, with_options=with_options)
    except psycopg.OperationalError as error:
        if not with_options or not _REFUSED_OPTION.search(str(error)):
            raise
        return await connect(url, with_options=False)
    return connection, with_options
