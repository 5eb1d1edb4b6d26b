"""`carillon learning forget`: a learner wants everything deleted."""

from typing import Annotated

import typer
from psycopg.rows import DictRow

from infra.admin.database import Connection, connect, fetch
from infra.admin.errors import AdminError
from infra.admin.formats import format_value
from infra.cli.learning import clients
from infra.cli.learning.clients import ClientArgument
from infra.cli.output import say
from shared.database import sql

EXAMPLES = "Example: carillon learning forget app --device 5f0c7a52-tablet"

_SQL = sql.load(__file__)


def forget(
    name: ClientArgument,
    device: Annotated[str, typer.Option(metavar="ID", help="The learner's, as the front end names it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a learner with all sessions, threads, messages and synopses. Asks first."""
    with connect() as connection:
        client = clients.find(connection, name)["id"]
        there = _counted(_find(connection, client, name, device))
        if not yes:
            typer.confirm(f"{format_value(device)} of {name}: {there} will be gone. Go on?", abort=True)
        with connection.transaction():
            person = _find(connection, client, name, device)
            connection.execute(_SQL["delete"], {"user": person["id"]})
    say(f"✓ {format_value(device)} of {name} is forgotten: {_counted(person)} went")
    say("  An answer that is kept for a repeated call (Idempotency-Key) goes with its key, a day after it.")


def _find(connection: Connection, client: int, name: str, device: str) -> DictRow:
    """The learner, locked: nobody begins a session meanwhile. Raises Failure."""
    for row in fetch(connection, _SQL["lock"], client=client, device=device):
        [found] = fetch(connection, _SQL["count"], user=row["id"])
        return found
    raise AdminError(
        f"client {name} has no learner with this device", "give its id as the front end sends it: deviceId"
    )


def _counted(person: DictRow) -> str:
    """What there is of them, in words."""
    return ", ".join(_number(person[f"{what}s"], what) for what in ("session", "message"))


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
