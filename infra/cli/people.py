"""`carillon people`: the reference tables from CSV files, and who has opened a chat with a bot."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import Progress

from infra.admin.database import connect
from infra.admin.formats import format_value
from infra.admin.operating import files
from infra.admin.people import report, starts
from infra.admin.people.check import Checked
from infra.admin.people.csv_import import Imported, InTheFuture, check_file, import_rows
from infra.admin.people.plan import Action, Change, Plan
from infra.admin.people.sheet import MAX_BYTES
from infra.admin.people.tables import TABLES
from infra.admin.people.templates import template as example
from infra.cli.forgetting import commands as forgetting
from infra.cli.options import times
from infra.cli.output import AsJson, MaxRows, console, print_json, print_page, say

app = typer.Typer(help="Mentors, students, trainings, lessons, and who is whose mentor.", no_args_is_help=True)

app.command("forget", epilog=forgetting.PEOPLE_EXAMPLES)(forgetting.people)

TableName = Literal["mentors", "students", "trainings", "lessons", "mapping"]
EXAMPLES = "Examples: carillon people import mentors.csv --table mentors, then the same with --apply"
MAX_LINES = 200
_LABELS: dict[Action, str] = {
    "new": "new",
    "changed": "new version",
    "ends": "ends",
    "unchanged": "unchanged",
    "skipped": "nothing to do",
}


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
    checked = check_file(files.read(file, MAX_BYTES), TABLES[table], timezone)
    moment = _moment(at, timezone) if at else None
    try:
        done = _import(checked, moment, write=apply_, close_missing=close_missing)
    except InTheFuture as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json(report.as_json(table, done.plan, applied=done.applied, at=done.at))
    else:
        for line, style in _lines(table, done.plan, applied=done.applied):
            say(format_value(line), style)
    if done.plan.problems:
        raise typer.Exit(1)


@app.command("template", epilog="Example: carillon people template mentors > mentors.csv")
def template(table: Annotated[TableName, typer.Argument(metavar="TABLE", help="Which table.")]) -> None:
    """Print a CSV file to fill in: all columns of a table, and rows of an invented school that can be imported."""
    sys.stdout.write(example(table))


@app.command("list", epilog="Example: carillon people list --without-start")
def list_(
    without_start: Annotated[
        bool, typer.Option("--without-start", help="Only those who never opened the chat: the bot cannot write first.")
    ] = False,
    limit: MaxRows = 50,
    as_json: AsJson = False,
) -> None:
    """Show everybody to whom a bot writes by id, and since when it can."""
    with connect() as connection:
        rows = starts.people(connection, without_start=without_start)
    if as_json:
        print_json(rows)
    else:
        nothing = "everybody has pressed Start" if without_start else "nobody is written to by id yet"
        print_page(rows, ("role", "name", "telegram_id", "bot", "started"), nothing, limit)


def _import(checked: Checked, at: datetime | None, *, write: bool, close_missing: bool) -> Imported:
    progress = Progress(console=console(stderr=True), transient=True, disable=not write)
    with connect() as connection, progress:
        task = progress.add_task(f"Writing {checked.table.name}", visible=False)
        return import_rows(
            connection,
            checked,
            at,
            write=write,
            close_missing=close_missing,
            on_progress=lambda written, total: progress.update(task, advance=written, total=total, visible=True),
        )


def _moment(text: str, timezone: str) -> datetime:
    moment = times.instant(text, timezone)
    if moment is None:
        raise typer.BadParameter("--at is a moment: 2026-01-15, 15.01.2026 10:00 or 2026-01-15T10:00+03:00")
    return moment


def _lines(table: str, plan: Plan, *, applied: bool) -> Iterator[tuple[str, str]]:
    """The report as lines with their style."""
    shown = [change for change in plan.changes if change.action != "unchanged"]
    for change in shown[:MAX_LINES]:
        yield _line(change), ""
    if len(shown) > MAX_LINES:
        yield f"… and {len(shown) - MAX_LINES} more (--json shows all)", "dim"
    for note in plan.notes:
        yield f"! {note}", "yellow"
    for problem in plan.problems[:MAX_LINES]:
        where = f"row {problem.row}" + (f", {problem.column}" if problem.column else "")
        yield f"✗ {where}: {problem.text}", "red"
    if len(plan.problems) > MAX_LINES:
        yield f"… and {len(plan.problems) - MAX_LINES} more problems (--json shows all)", "red"
    counts = report.counts(plan)
    summary = f"{table}: " + ", ".join(
        f"{counts[action]} {label}" for action, label in _LABELS.items() if counts[action] or action != "skipped"
    )
    if plan.problems:
        yield (
            f"{summary}; {len(plan.problems)} problems, so nothing was written. Correct the file and try again.",
            "bold",
        )
    elif applied:
        yield f"✓ {summary}; written.", "bold"
    else:
        yield f"{summary}. Nothing was written yet: add --apply.", "bold"


def _line(change: Change) -> str:
    where = f"row {change.row}" if change.row else "not in file"
    columns = f" ({', '.join(sorted(change.values))})" if change.action == "changed" else ""
    note = f" ({change.note})" if change.note and change.row else ""
    return f"{where:>12}  {_LABELS[change.action]:13} {change.who}{columns}{note}"
