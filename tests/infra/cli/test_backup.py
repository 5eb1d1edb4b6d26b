"""carillon db backup and restore, as docs/operations.md has them: by an owner who is no superuser, to a new cluster."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from infra.local import postgres
from tests.conftest import SERVER_HOME, rows
from tests.helpers import arrange
from tests.helpers.worlds import salon as salons
from tests.helpers.worlds import support as desks
from tests.infra.cli.conftest import Carillon, Ran
from tests.migrations import snapshot

pytestmark = pytest.mark.slow

OWNER = "carillon_owner"
TABLES = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and (n.nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning')
                           or (n.nspname = 'public' and (c.relname ~ '_v2$' or c.relname = 'carillon_version')))
order by 1
"""
SEQUENCES = "select schemaname || '.' || sequencename, last_value from pg_sequences order by 1"
# What belongs to whom, and who may do what.
RIGHTS = """
select c.oid::regclass::text, c.relowner::regrole::text, c.relrowsecurity, c.relforcerowsecurity,
       array(select a::text from unnest(c.relacl) a order by 1)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning', 'public')
  and c.relkind in ('r', 'v', 'S')
union all
select p.oid::regprocedure::text, p.proowner::regrole::text, p.prosecdef, false,
       array(select a::text from unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a order by 1)
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning')
union all
select polname || ' on ' || polrelid::regclass, array(select r::regrole::text from unnest(polroles) r order by 1)::text,
       false, false, array[pg_get_expr(polqual, polrelid)]
from pg_policy
order by 1
"""


@dataclass
class Cluster:
    """A server of its own, and its owner of databases, who may create roles and is no superuser."""

    admin: str
    owner: str
    programs: str
    carillon: Carillon

    def run(self, database: str, *arguments: str) -> Ran:
        url = postgres.named(self.owner, database)
        return self.carillon(*arguments, DATABASE_URL=url, PATH=f"{self.programs}:{os.environ['PATH']}")

    def create(self, database: str) -> str:
        with psycopg.connect(self.admin, autocommit=True) as admin:
            admin.execute(f"create database {database} owner {OWNER}".encode())
        return postgres.named(self.admin, database)


@pytest.fixture
def cluster(carillon: Carillon, server_url: str) -> Iterator[Cluster]:
    if "DATABASE_URL" in os.environ:
        pytest.skip("a cluster of its own is made with the embedded Postgres; DATABASE_URL names another")
    try:
        program = Path(snapshot.pg_dump(snapshot.server_major(server_url)))
    except snapshot.NoPgDump as missing:
        pytest.skip(str(missing))
    if not (program.parent / "pg_restore").exists():
        pytest.skip("there is no pg_restore beside pg_dump")
    home = SERVER_HOME.with_name(f"backup_{os.getpid()}")  # a folder that Postgres' own user may enter
    try:
        with postgres.server(home) as admin:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f"create role {OWNER} login createrole nosuperuser nobypassrls".encode())
            parts = urlsplit(admin)
            owner = urlunsplit(parts._replace(netloc=parts.netloc.replace("postgres@", f"{OWNER}@")))
            yield Cluster(admin, owner, str(program.parent), carillon)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def fill(url: str) -> None:
    """A row in every table of every system that walls stand around, and some of the others."""
    with psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        desks.conversation(connection, desks.desk(connection))
        salon = salons.salon(connection)
        session = salon.session()
        salon.answered(session, datetime.now(UTC), 3)
        connection.execute(
            "insert into dashboard.metrics_dailies (tenant_id, day) values (%s, '2026-01-15')", (salon.id,)
        )
        connection.execute(
            "insert into dashboard.users (email, encrypted_password, role, tenant_id)"
            " values ('owner@example.com', '$argon2id$x', 'admin', %s)",
            (salon.id,),
        )
        arrange.mentor(connection, email="mentor@example.com")


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        names = [name for (name,) in rows(connection, TABLES)]
        return {name: rows(connection, f"select count(*) from {name}")[0][0] for name in names}


def facts(url: str, query: str) -> list[object]:
    with psycopg.connect(url) as connection:
        return rows(connection, query)


def forget_roles(admin: str) -> None:
    """As new as another cluster: of Carillon's roles there is none."""
    with psycopg.connect(admin, autocommit=True) as connection:
        for (role,) in rows(
            connection, "select rolname from pg_roles where rolname !~ '^(pg_|postgres$|carillon_owner$)'"
        ):
            connection.execute(f"drop role {role}".encode())


def test_a_backup_by_the_owner_holds_every_row_and_comes_back_in_another_cluster(
    cluster: Cluster, tmp_path: Path
) -> None:
    former = cluster.create("former")
    assert cluster.run("former", "db", "upgrade").code == 0
    fill(former)
    file = tmp_path / "carillon.dump"
    made = cluster.run("former", "db", "backup", str(file))
    assert (made.code, file.stat().st_mode & 0o777) == (0, 0o600), made.err
    before, sequences, rights = counts(former), facts(former, SEQUENCES), facts(former, RIGHTS)
    assert before["dashboard.users"] == 1
    postgres.drop_database(cluster.admin, "former")
    forget_roles(cluster.admin)

    restored = cluster.create("restored")
    done = cluster.run("restored", "db", "restore", str(file))

    assert done.code == 0, done.err
    assert counts(restored) == before
    assert facts(restored, SEQUENCES) == sequences
    assert {*map(str, facts(restored, RIGHTS))} ^ {*map(str, rights)} == set()
    assert set(facts(restored, "select status from platform.bots")) == {("paused",)}
    assert "already" in cluster.run("restored", "db", "upgrade").out
    again = cluster.run("restored", "db", "restore", str(file))
    assert (again.code, "tables of Carillon already" in again.err) == (1, True)


def test_a_backup_that_fails_leaves_no_file(carillon: Carillon, tmp_path: Path) -> None:
    (tmp_path / "pg_dump").write_text(
        "#!/bin/sh\ncase $1 in --version) echo 'pg_dump (PostgreSQL) 99.1';; *) exit 1;; esac\n"
    )
    (tmp_path / "pg_dump").chmod(0o755)
    file = tmp_path / "carillon.dump"

    failed = carillon("db", "backup", str(file), PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert (failed.code, sorted(path.name for path in tmp_path.iterdir())) == (1, ["pg_dump"])


@pytest.mark.parametrize(
    ("version", "words"), [("14.2", "pg_dump is of PostgreSQL 14"), (None, "pg_dump is not installed")]
)
def test_a_pg_dump_that_is_older_or_missing_is_named(
    carillon: Carillon, tmp_path: Path, version: str | None, words: str
) -> None:
    if version:
        (tmp_path / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
        (tmp_path / "pg_dump").chmod(0o755)

    failed = carillon("db", "backup", str(tmp_path / "carillon.dump"), PATH=str(tmp_path))

    assert (failed.code, words in failed.err) == (1, True)


def test_a_row_that_a_backup_would_lack_is_noticed(
    carillon: Carillon, connection: psycopg.Connection[object], tmp_path: Path
) -> None:
    assert shutil.which("sh")
    connection.execute(
        "create table dashboard.notes (id bigint); alter table dashboard.notes enable row level security"
    )

    failed = carillon("db", "backup", str(tmp_path / "carillon.dump"))

    assert (failed.code, "dashboard.notes" in failed.err) == (1, True)
