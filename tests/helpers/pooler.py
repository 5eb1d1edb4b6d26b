"""PgBouncer before the test server, as hosted Postgres has it: transaction mode, one server connection a database."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from infra.local import postgres

BINARY = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # where a user's PATH does not lead
MISSING = "pgbouncer is not installed; on Debian and Ubuntu: apt install pgbouncer"
START_SECONDS = 240.0
# What it does with sessions and startup parameters is its default: the faults that this brings about are wanted.
# It listens in a folder of its own: no port to fight for, and nobody else may use the server's password through it.
CONFIG = """\
[databases]
* = {server}
[pgbouncer]
pool_mode = transaction
default_pool_size = 1
auth_type = any
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
server_tls_sslmode = {tls}
server_login_retry = 0.1
"""


@dataclass(frozen=True)
class Pooler:
    """A running PgBouncer."""

    address: str

    def url(self, direct: str) -> str:
        """The way to the database of the address `direct` through the pooler."""
        return postgres.named(self.address, str(conninfo_to_dict(direct)["dbname"]))

    def show(self, what: str) -> list[DictRow]:
        """What its console tells: pools, servers, stats_totals ..."""
        console = postgres.named(self.address, "pgbouncer")
        with psycopg.connect(console, autocommit=True, row_factory=dict_row) as connection:
            return connection.execute(f"show {what}".encode()).fetchall()

    def transactions(self, direct: str) -> int:
        """How many transactions went through it to the database of the address `direct`."""
        name = conninfo_to_dict(direct)["dbname"]
        return sum(int(row["xact_count"]) for row in self.show("stats_totals") if row["database"] == name)


@contextmanager
def running(server_url: str, printed: Path) -> Iterator[Pooler]:
    """A PgBouncer before the server at `server_url` until the context ends; it prints into `printed`."""
    if BINARY is None:
        raise RuntimeError(MISSING)
    with (
        tempfile.TemporaryDirectory(prefix="carillon-") as name,
        tempfile.NamedTemporaryFile(dir=printed, prefix="pgbouncer-", suffix=".log", delete=False) as log,
    ):
        folder = Path(name)
        owner = _configure(folder, server_url)
        command = [BINARY, "--quiet", str(folder / "pgbouncer.ini")]
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, user=owner, extra_groups=None if owner is None else []
        )
        try:
            pooler = Pooler(f"postgresql://pooled@/postgres?host={quote(name)}&port=6432")
            _wait_for(pooler, process, Path(log.name))
            yield pooler
        finally:
            process.terminate()
            process.wait(300)


def _configure(folder: Path, server_url: str) -> int | None:
    """Write the settings; whom PgBouncer shall run as, who is root's deputy as it refuses to run as root."""
    with psycopg.connect(server_url) as connection:  # libpq knows the defaults and the password file
        info = connection.info
        tls = "require" if connection.pgconn.ssl_in_use else "disable"
        server = {"host": info.host, "port": str(info.port), "user": info.user, "password": info.password}
    doubled = {key: value.replace("'", "''") for key, value in server.items() if value}
    quoted = " ".join(f"{key}='{value}'" for key, value in doubled.items())
    settings = folder / "pgbouncer.ini"
    settings.write_text(CONFIG.format(server=quoted, folder=folder, tls=tls), encoding="utf-8")
    if os.geteuid() != 0:
        return None
    socket = Path(server["host"]) / f".s.PGSQL.{server['port']}"
    owner = socket.stat().st_uid if socket.exists() else pwd.getpwnam("nobody").pw_uid  # others may not reach it
    for path in (folder, settings):
        os.chown(path, owner, -1)
    return owner


def _wait_for(pooler: Pooler, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            pooler.show("version")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PgBouncer did not start:\n{log.read_text(encoding='utf-8')}") from None
            time.sleep(0.02)
        else:
            return
