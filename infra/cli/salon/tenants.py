"""`carillon dashboard tenants`, and what its other commands share: finding a salon, the keeper's role, audits."""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, connect, fetch
from infra.admin.errors import AdminError
from infra.cli.output import AsJson, print_json, print_table
from shared.database import sql

EXAMPLES = "Example: carillon dashboard tenants --json"
COLUMNS = ("name", "slug", "timezone", "digest_hour", "bot", "chat", "last_session", "last_digest", "active")

TenantArgument = Annotated[str, typer.Argument(metavar="TENANT", help="The salon's slug or id.")]

_SQL = sql.load(__file__)


@contextmanager
def as_dashboard_role(connection: Connection, *, looks_only: bool = False) -> Iterator[None]:
    """A transaction as dashboard_keeper: row level security counts for whoever owns the tables, too."""
    with connection.transaction(force_rollback=looks_only):
        connection.execute(_SQL["become_keeper"])
        yield


@contextmanager
def reset_role(connection: Connection) -> Iterator[None]:
    """For a while not the keeper, who changes nothing outside the dashboard; within `keeper`."""
    connection.execute(_SQL["become_oneself"])
    yield
    connection.execute(_SQL["become_keeper"])


def audit(connection: Connection, action: str, tenant: object, description: str, metadata: Mapping[str, Any]) -> None:
    """Write down what was done, within the transaction that does it. No secret and no e-mail comes here."""
    values = {"actor": f"cli:{_user()}", "action": action, "tenant": tenant, "description": description}
    connection.execute(_SQL["audit"], {**values, "metadata": Jsonb(dict(metadata))})


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"


def tenants(as_json: AsJson = False) -> None:
    """Show all salons: their clock, bot and chat, the bot's last session and our last digest."""
    with connect() as connection, as_dashboard_role(connection):
        rows = fetch(connection, _SQL["list"])
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS, "the bot has no salons yet")


def find(connection: Connection, tenant: str) -> DictRow:
    """The salon with this slug or id. Raises Failure."""
    found = fetch(connection, _SQL["named"], tenant=tenant)
    if not found:
        raise AdminError(f"there is no tenant {tenant}", "look: carillon dashboard tenants")
    return found[0]
