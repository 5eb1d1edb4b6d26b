"""`carillon support handovers`: who waits for a person, and who took them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from infra.admin.database import connect, fetch
from infra.admin.formats import format_duration
from infra.cli.output import AsJson, print_json, print_table
from infra.cli.support import clients
from infra.cli.support.clients import ClientOption
from shared.database import sql

EXAMPLES = "Examples: carillon support handovers --open, carillon support handovers --client Ромашка --json"
PHONE = re.compile(r"\+?\d(?:[ ()-]*\d){6,}")

_SQL = sql.load(__file__)


def handovers(
    client: ClientOption = "",
    is_open: Annotated[bool, typer.Option("--open", help="Only those that wait or that somebody is at.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most so many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show requests for a person, the newest first, without what people wrote."""
    with connect() as connection:
        whose = clients.find(connection, client)["id"] if client else None
        rows = fetch(connection, _SQL["list"], client=whose, only_open=is_open, limit=limit)
    readable = [{**row, "person": _name(row["person"]), "phone": _masked(row["phone"])} for row in rows]
    if as_json:
        print_json(readable)
    else:
        columns = ("number", "client", "person", "phone", "status", "trigger", "age", "who")
        print_table([_line(row) for row in readable], columns, "no such handovers")


def _name(name: str | None) -> str | None:
    """What a person is called: some are called by their phone."""
    return PHONE.sub(lambda found: _masked(found[0]) or "", name) if name else None


def _masked(phone: str | None) -> str | None:
    """A phone's last four digits."""
    return f"…{re.sub(r'[^0-9]', '', phone)[-4:]}" if phone else None


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "age": format_duration(row["age_seconds"])}
