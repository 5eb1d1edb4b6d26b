"""The salons themselves, and what all operations on them share: the role dashboard_keeper, and audits."""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared.database import sql

_SQL = sql.load(__file__)


@contextmanager
def as_keeper(connection: Connection, *, read_only: bool = False) -> Iterator[None]:
    """A transaction as dashboard_keeper: row level security applies to whoever owns the tables, too."""
    with connection.transaction(force_rollback=read_only):
        connection.execute(_SQL["become_keeper"])
        yield


@contextmanager
def as_oneself(connection: Connection) -> Iterator[None]:
    """Within `as_keeper`, for a while not the keeper, who may change nothing outside the schema dashboard."""
    connection.execute(_SQL["reset_role"])
    yield
    connection.execute(_SQL["become_keeper"])


def audit(connection: Connection, action: str, tenant: object, description: str, metadata: Mapping[str, Any]) -> None:
    """Record what was done, within the transaction that does it. No secret and no e-mail belongs here."""
    values = {"actor": f"cli:{_user()}", "action": action, "tenant": tenant, "description": description}
    connection.execute(_SQL["audit"], {**values, "metadata": Jsonb(dict(metadata))})


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"


def list_all(connection: Connection) -> list[DictRow]:
    """All salons: their clock, bot and chat, the bot's last session and our last digest."""
    with as_keeper(connection):
        return fetch(connection, _SQL["list"])


def find(connection: Connection, tenant: str) -> DictRow:
    """The id, name and slug of the salon with this slug or id. Within `as_keeper`. Raises AdminError."""
    found = fetch(connection, _SQL["find"], tenant=tenant)
    if not found:
        raise AdminError(f"there is no tenant {tenant}", "look: carillon salon tenants")
    return found[0]
