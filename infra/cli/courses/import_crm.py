"""`carillon courses import`: an existing crm.db is taken over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from infra.admin.courses.crm import example as crm_example
from infra.admin.courses.crm.importing import import_file
from infra.admin.courses.crm.report import Report, TableReport
from infra.admin.database import connect
from infra.admin.formats import format_value
from infra.cli.output import AsJson, console, print_json, print_table, say

EXAMPLES = "Examples: carillon courses import crm.db, then the same with --apply"
EXAMPLE_EXAMPLES = "Example: carillon courses example crm.db"
MAX_ROWS = 10  # of one table and reason that are named

COLUMNS = ("table", "read", "taken", "mended", "already_here", "rejected")


def import_(
    file: Annotated[Path, typer.Argument(metavar="CRM.db", exists=True, dir_okay=False, readable=True)],
    apply_: Annotated[bool, typer.Option("--apply", help="Write it; without this nothing changes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what would be taken over of a bot's SQLite database, table by table; with --apply, do it.

    The file is copied first and only read, also while a bot writes it. Ids stay. What cannot be read is left out and
    kept with its reason in courses.import_rejections, for a year; passwords that are no hashes are kept nowhere.
    Again, it takes what is new and leaves what is here.
    """
    out = console(stderr=True)
    with connect() as connection, Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("Reading", total=None)

        def advance(table: str, rows: int, total: int) -> None:
            progress.update(task, description=table, advance=rows, total=total)

        report = import_file(connection, file, write=apply_, on_progress=advance)
    if as_json:
        print_json(report.as_json())
        return
    print_table([vars(table) for table in report.tables], COLUMNS, "")
    for line, style in _lines(report):
        say(format_value(line), style)


def example(file: Annotated[Path, typer.Argument(metavar="CRM.db", dir_okay=False, help="A new file.")]) -> None:
    """Write the crm.db of an invented school, not all of it clean, to rehearse an import with."""
    crm_example.write(file)
    say(f"✓ {file.name} is there: carillon courses import {file.name}")


def _lines(report: Report) -> Iterator[tuple[str, str]]:
    """What came of the rows, as lines with their style."""
    for note in report.notes:
        yield f"! {note}", "yellow"
    for table in report.tables:
        yield from _of(table)
    summary = ", ".join(f"{report.total(name)} {name.replace('_', ' ')}" for name in COLUMNS[1:])
    if not report.applied:
        yield f"{summary}. Nothing was written yet: add --apply.", "bold"
    else:
        yield f"✓ {summary}; written.", "bold"


def _of(table: TableReport) -> Iterator[tuple[str, str]]:
    if table.made:
        yield f"+ {table.table}: {table.made} that others name were not there, and are made", ""
    for mend, count in table.mends.most_common():
        yield f"~ {table.table}: {mend} ({count})", ""
    for reason, count in table.reasons.most_common():
        named = [row["row"] for row in table.rejected_rows if row["reason"] == reason][:MAX_ROWS]
        more = " …" if count > len(named) else ""
        yield f"✗ {table.table}: {reason} ({count}): {', '.join(named)}{more}", "red"
