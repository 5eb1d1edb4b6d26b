"""`carillon support handovers`: who waits for a manager, and who took them."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.formats import format_duration
from infra.admin.support import desks
from infra.admin.support.handovers import list_newest
from infra.cli.output import AsJson, print_json, print_newest
from infra.cli.support.desks import DeskOption

EXAMPLES = "Examples: carillon support handovers --open, carillon support handovers --client Ромашка --json"
COLUMNS = ("number", "client", "person", "phone", "status", "trigger", "age", "who")


def handovers(
    client: DeskOption = "",
    is_open: Annotated[bool, typer.Option("--open", help="Only those that wait or that somebody is at.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most so many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show requests for a person, the newest first, without what people wrote."""
    with connect() as connection:
        desk = desks.find(connection, client)["id"] if client else None
        rows = list_newest(connection, desk, only_open=is_open, limit=limit + 1)
    if as_json:
        print_json(rows[:limit])
    else:
        lines = [{**row, "age": format_duration(row["age_seconds"])} for row in rows]
        print_newest(lines, COLUMNS, "no such handovers", limit)
