"""The database's schema: its revision, its newest one, and how to get there.

Whoever migrates connects by DATABASE_DIRECT_URL when it is set.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from infra.admin.database import Connection, connect, fetch_one
from infra.admin.errors import AdminError
from infra.local import postgres
from shared import config
from shared.database import sql

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Status:
    """Where a database is; `counts` is empty when it has no Carillon schema."""

    revision: str | None
    newest: str
    server_version: int
    database: str
    counts: dict[str, Any]


@dataclass(frozen=True)
class Contents:
    """A database by its name and host, and whether a reset would lose anything of ours."""

    database: str
    is_filled: bool


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it has no Carillon schema."""
    has_version = fetch_one(connection, _SQL["has_version"])["there"]
    return fetch_one(connection, _SQL["revision"])["revision"] if has_version else None


def newest() -> str:
    """The newest revision that this checkout knows."""
    from migrations import runner  # noqa: PLC0415 - see _migrate

    return runner.head()


def status(connection: Connection) -> Status:
    """The schema's revision, the server's version and how many rows there are."""
    now = revision(connection)
    counts = dict(fetch_one(connection, _SQL["counts"])) if now else {}
    return Status(now, newest(), connection.info.server_version // 10000, connection.info.dbname, counts)


def contents() -> Contents:
    """What a reset would remove."""
    with connect(config.load().database_direct_url) as connection:
        name = f"{connection.info.dbname} at {connection.info.host}"
        is_filled = revision(connection) is not None and fetch_one(connection, _SQL["is_filled"])["there"]
        return Contents(name, is_filled)


def upgrade() -> tuple[str | None, str | None]:
    """Make the schema, or bring it up to the newest revision; the revisions before and after. Raises AdminError."""
    with connect(config.load().database_direct_url) as connection:
        before = revision(connection)
    _migrate("upgrade")
    with connect(config.load().database_direct_url) as connection:
        return before, revision(connection)


def reset() -> None:
    """Remove everything of Carillon from the database and make its empty tables anew. Raises AdminError."""
    _migrate("downgrade")
    _migrate("upgrade")


def _migrate(direction: str) -> None:
    """Run Alembic. Raises AdminError, psycopg.Error."""
    from alembic.util import CommandError  # noqa: PLC0415 - a third of a second that only migrations need
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from migrations import runner  # noqa: PLC0415

    url = config.load().database_direct_url
    try:
        postgres.check_version(url)
        if direction == "upgrade":
            runner.upgrade(url)
        else:
            runner.downgrade(url, "base")
    except postgres.TooOld:
        raise AdminError("Carillon needs Postgres 15 or newer", "point DATABASE_URL to such a server") from None
    except CommandError:
        raise AdminError(
            "the database is at a revision that this checkout does not know", "check out newer code"
        ) from None
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from None
        raise
