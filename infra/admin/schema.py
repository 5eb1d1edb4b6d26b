"""The database's schema: its revision, its newest one, and how to get there.

Whoever migrates connects by DATABASE_DIRECT_URL when it is set.
"""

from dataclasses import dataclass
from ipaddress import ip_address

import psycopg
from psycopg import errors

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.local import postgres
from migrations.concurrently import Report, unwatched
from shared import config
from shared.database import sql

MAX_COUNTED = 10_000  # rows of one table

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Status:
    """Where a database is; `counts` is empty when it has no Carillon schema.

    More than MAX_COUNTED rows are not counted: `estimated` has the names of such counts, about right, or less.
    """

    revision: str | None
    newest: str
    server_version: int
    database: str
    counts: dict[str, int]
    estimated: list[str]


@dataclass(frozen=True)
class Contents:
    """A database, and what of ours a reset would take from it."""

    name: str
    host: str
    is_local: bool  # on this machine, as far as an address tells; a tunnel looks the same
    is_filled: bool
    has_sent: bool

    @property
    def is_precious(self) -> bool:
        """Somebody may live on it: it has sent messages, or it is filled and on another machine."""
        return self.has_sent or (self.is_filled and not self.is_local)

    @property
    def why(self) -> str:
        """What makes it precious."""
        return "has sent messages" if self.has_sent else "is on another machine"

    def __str__(self) -> str:
        """Its name and host, for people."""
        return f"{self.name} at {self.host}"


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it has no Carillon schema."""
    has_version = fetch_one(connection, _SQL["has_version"])["there"]
    return fetch_one(connection, _SQL["revision"])["revision"] if has_version else None


def newest() -> str:
    """The newest revision that this checkout knows."""
    from migrations import runner  # noqa: PLC0415 - see _migrate

    return runner.head()


def status(connection: Connection) -> Status:
    """The schema's revision, the server's version and how many rows there are, without reading big tables."""
    now = revision(connection)
    rows = fetch(connection, _SQL["counts"], most=MAX_COUNTED) if now else []
    return Status(
        now,
        newest(),
        connection.info.server_version // 10000,
        connection.info.dbname,
        counts={row["name"]: row["rows"] for row in rows},
        estimated=[row["name"] for row in rows if not row["is_exact"]],
    )


def contents(url: str = "") -> Contents:
    """What a reset of the database at `url`, by default the one that the settings name, would remove."""
    with connect(url or config.load(names=("database_direct_url",)).database_direct_url) as connection:
        info = connection.info
        there = revision(connection) is not None
        return Contents(
            info.dbname,
            info.host,
            is_local=is_local(info.hostaddr),
            is_filled=there and fetch_one(connection, _SQL["is_filled"])["there"],
            has_sent=there and fetch_one(connection, _SQL["has_sent"])["there"],
        )


def is_local(address: str) -> bool:
    """Whether a server at this address (empty: a socket of this machine) is on this machine."""
    return not address or ip_address(address.partition("%")[0]).is_loopback


def upgrade(report: Report = unwatched) -> tuple[str | None, str | None]:
    """Make the schema, or bring it up to the newest revision; the revisions before and after. Raises AdminError.

    `report` is told which statement takes long, and how far it is.
    """
    url = config.load(names=("database_direct_url",)).database_direct_url
    with connect(url) as connection:
        before = revision(connection)
    _migrate(url, report)
    with connect(url) as connection:
        return before, revision(connection)


def reset() -> None:
    """Remove everything of Carillon from the database and make its empty tables anew. Raises AdminError."""
    url = config.load(names=("database_direct_url",)).database_direct_url
    _check_version(url)
    with connect(url) as connection:
        remove(connection)
    _migrate(url, unwatched)  # all tables are empty


def remove(connection: Connection) -> None:
    """Remove everything of Carillon from the database, but for the roles: they belong to the whole cluster."""
    with connection.transaction():
        connection.execute(_SQL["lock_migrations"])
        for row in fetch(connection, _SQL["removal"]):
            connection.execute(row["statement"].encode())


def _migrate(url: str, report: Report) -> None:
    """Run Alembic. Raises AdminError, psycopg.Error."""
    from alembic.util import CommandError  # noqa: PLC0415 - a third of a second that only migrations need
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from migrations import runner  # noqa: PLC0415

    _check_version(url)
    try:
        runner.upgrade(url, report=report)
    except CommandError:
        raise AdminError(
            "the database is at a revision that this checkout does not know", "check out newer code"
        ) from None
    except (DBAPIError, errors.InsufficientPrivilege) as error:
        found = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(found, errors.InsufficientPrivilege):
            _explain_roles(url)
        if isinstance(found, psycopg.Error):
            raise found from None
        raise


def _explain_roles(url: str) -> None:
    """Raises AdminError where roles of ours are somebody else's, with all of them: else one after the other is met."""
    with connect(url) as connection:
        found = fetch_one(connection, _SQL["roles_of_others"])
    if found["roles"]:
        raise AdminError(
            f"the database user {found['user']} may neither grant nor take roles that somebody else made",
            f'a superuser runs: grant {found["roles"]} to "{found["user"]}" with admin option; then again: '
            "carillon db upgrade",
        )


def _check_version(url: str) -> None:
    try:
        postgres.check_version(url)
    except postgres.TooOld:
        raise AdminError("Carillon needs Postgres 15 or newer", "point DATABASE_URL to such a server") from None
