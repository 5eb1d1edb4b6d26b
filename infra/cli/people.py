"""`carillon people`: the reference tables from CSV files."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from psycopg import errors
from rich.progress import Progress

from infra.admin.database import Connection, connect
from infra.admin.errors import AdminError
from infra.admin.formats import format_value
from infra.admin.people import apply, report
from infra.admin.people.check import Checked, check
from infra.admin.people.plan import Plan
from infra.admin.people.sheet import UnreadableSheet, read
from infra.admin.people.tables import TABLES, Table
from infra.cli.options import times
from infra.cli.output import AsJson, console, print_json, say

app = typer.Typer(help="Mentors, students, trainings, lessons, and who is whose mentor.", no_args_is_help=True)

TableName = Literal["mentors", "students", "trainings", "lessons", "mapping"]
EXAMPLES = "Examples: carillon people import mentors.csv --table mentors, then the same with --apply"


@app.callback()
def people() -> None:
    """Mentors, students, trainings, lessons, and who is whose mentor."""


@app.command("import", epilog=EXAMPLES)
def import_(  # noqa: PLR0913 - each is an option
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, readable=True)],
    table: Annotated[TableName, typer.Option(help="What the file holds.")],
    apply_: Annotated[bool, typer.Option("--apply", help="Write it; without this nothing changes.")] = False,
    at: Annotated[str, typer.Option(help="Since when it is so; now when left out.")] = "",
    close_missing: Annotated[bool, typer.Option("--close-missing", help="End whoever is not in the file.")] = False,
    timezone: Annotated[
        str, typer.Option(callback=times.timezone, help="Of times without an offset.")
    ] = "Europe/Moscow",
    as_json: AsJson = False,
) -> None:
    """Show what a CSV file would change, row by row; with --apply, do it.

    Changed rows get a new version, unchanged ones nothing. A row whose `left` says yes (or a date), or whose
    `valid_to` has passed, ends. An empty cell leaves a value as it is, a dash (-) takes it away.
    Everybody is found by getcourse_id, else by e-mail. Titles may be English or Russian, in any order.
    """
    wanted = TABLES[table]
    checked = _check(file, wanted, timezone)
    with connect() as connection, connection.transaction():
        if apply_:
            apply.lock(connection)
        moment = apply.now(connection)
        if at:
            moment = _at(at, timezone, connection)
        plan = report.join(checked, apply.prepare(connection, wanted, checked, moment, close_missing=close_missing))
        applied = apply_ and not plan.problems
        if applied:
            _write(connection, wanted, plan, moment)
    if as_json:
        print_json(report.as_json(table, plan, applied=applied, at=moment))
    else:
        for line, style in report.lines(table, plan, applied=applied):
            say(format_value(line), style)
    if plan.problems:
        raise typer.Exit(1)


def _check(file: Path, table: Table, timezone: str) -> Checked:
    try:
        sheet = read(file.read_bytes(), lambda title: table.column(title) is not None)
    except UnreadableSheet as unreadable:
        cause, _, next_step = str(unreadable).partition(": ")
        raise AdminError(cause, next_step) from None
    return check(sheet, table, timezone)


def _at(text: str, timezone: str, connection: Connection) -> datetime:
    moment = times.instant(text, timezone)
    if moment is None:
        raise typer.BadParameter("--at is a moment: 2026-01-15, 15.01.2026 10:00 or 2026-01-15T10:00+03:00")
    if moment > apply.now(connection):
        raise typer.BadParameter("--at lies in the future: import when it has come")
    return moment


def _write(connection: Connection, table: Table, plan: Plan, at: datetime) -> None:
    total = sum(len(plan.of(action)) for action in ("new", "changed", "ends"))
    try:
        with Progress(console=console(stderr=True), transient=True) as progress:
            task = progress.add_task(f"Writing {table.name}", total=total)
            apply.apply(connection, table, plan, at, lambda done: progress.advance(task, done))
    except errors.ExclusionViolation:
        raise AdminError(
            "two of the changes contradict each other or an older version; nothing was written",
            "look for an id or an e-mail that moves from one person to another, and import in two steps",
        ) from None
    except errors.CheckViolation:
        raise AdminError("a change would leave somebody without any id, or an end before a begin; nothing was written",
                      "look at the dates and dashes of the changed rows") from None  # fmt: skip
