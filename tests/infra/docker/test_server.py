"""The database, the pooler and the backup of the small server, from an empty database server on."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import rows
from tests.helpers import pooler
from tests.infra.cli.conftest import Carillon, runner
from tests.infra.docker.server import DATABASE_PASSWORD, DOCKER, PROGRAMS, Server, database_server, pooled

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(pooler.BINARY is None, reason=pooler.MISSING),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="carillon-") as folder:
        Path(folder).chmod(0o755)  # root's embedded Postgres runs as somebody else, who has to reach its files
        with database_server(Path(folder)) as server:
            yield server


@pytest.fixture(scope="module")
def owner(server: Server) -> str:
    """The address that migrations use."""
    return server.url("carillon", DATABASE_PASSWORD)


@pytest.fixture(scope="module")
def port(server: Server, printed: Path) -> Iterator[int]:
    with pooled(server, printed) as port:
        yield port


@pytest.fixture(scope="module")
def carillon(owner: str, port: int) -> Carillon:
    carillon = runner(f"postgresql://carillon:{DATABASE_PASSWORD}@127.0.0.1:{port}/carillon", owner)
    assert carillon("db", "upgrade").code == 0
    return carillon


def test_each_functions_own_login_passes_the_pooler(carillon: Carillon) -> None:
    logins = carillon("db", "roles", "--json").json
    url = logins["DATABASE_URL_ingest_webhook"]

    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        assert rows(connection, "select current_user::text") == [("carillon_ingest_webhook_a",)]
        assert rows(connection, "select count(*) from platform.webhook_sources") == [(0,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from learning.users")


def test_a_wrong_password_and_the_superuser_stay_outside(carillon: Carillon, port: int) -> None:
    assert carillon("db", "status").code == 0
    for user, password in (("carillon", "wrong"), ("postgres", ""), ("nobody", "x")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{user}:{password}@127.0.0.1:{port}/carillon")


def test_the_pooler_reads_no_more_than_verifiers(server: Server, carillon: Carillon) -> None:
    assert carillon("db", "status").code == 0
    with psycopg.connect(server.url("pooler", "pooler-of-this-test"), autocommit=True) as connection:
        assert rows(connection, "select name from pooler.lookup('postgres')") == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from platform.bots")


def test_a_backup_is_whole_and_old_ones_go(carillon: Carillon, owner: str, tmp_path: Path) -> None:
    assert carillon("db", "status").code == 0
    old = tmp_path / "carillon-2026-01-01T000000Z.dump"
    old.touch()
    os.utime(old, (0, 0))
    environment = {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "DATABASE_URL": owner, "BACKUPS": str(tmp_path), "KEEP_DAYS": "3",
    }  # fmt: skip

    subprocess.run(["/bin/sh", DOCKER / "backup.sh"], env=environment, check=True, timeout=300)

    [backup] = tmp_path.iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    listed = subprocess.run([PROGRAMS / "pg_restore", "--list", backup], capture_output=True, text=True, check=True)
    assert "TABLE DATA platform outbox" in listed.stdout
