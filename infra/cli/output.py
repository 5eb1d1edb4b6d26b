"""What commands print: tables for people, JSON for scripts; errors go to stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from infra.admin.formats import format_value, json_default, printable, printable_json

PIPED_WIDTH = 160

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
MaxRows = Annotated[int, typer.Option("--limit", min=1, help="Show at most so many lines; --json has all.")]


def console(*, stderr: bool = False) -> Console:
    """Where people read; wide when nobody's terminal limits it."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PIPED_WIDTH, highlight=False)


def say(text: str, style: str = "") -> None:
    """Print a line to stdout."""
    console().print(Text(printable(text), style), soft_wrap=True)


def ask(question: str) -> None:
    """Go on if a person says yes; end the command if not."""
    typer.confirm(printable(question), abort=True)


def complain(cause: str, next_step: str = "") -> None:
    """Print an error to stderr."""
    out = console(stderr=True)
    out.print(Text.assemble(("✗ ", "red"), format_value(cause)), soft_wrap=True)
    if next_step:
        out.print(Text(f"  → {format_value(next_step)}"), soft_wrap=True)


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, as long as the work takes; `total` None: nobody knows how much there is."""
    out = console(stderr=True)
    with Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


def logs_beside() -> AbstractContextManager[object]:
    """Inside, what functions log goes to stderr: stdout is for what was asked."""
    return redirect_stdout(sys.stderr)


def print_json(value: object) -> None:
    """Print `value` as JSON."""
    sys.stdout.write(printable_json(json.dumps(value, ensure_ascii=False, indent=2, default=json_default)) + "\n")


def print_fields(fields: Mapping[str, Any], width: int) -> None:
    """Print a line for each field, its name in a column of `width` characters."""
    for name, value in fields.items():
        say(f"{name.replace('_', ' '):{width}} {format_value(value)}")


def print_table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str], nothing: str) -> None:
    """Print `columns` of `rows`; `nothing` when there are none."""
    if not rows:
        say(nothing)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = list(columns)
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(format_value(row[name])) for name in columns))
    console().print(table)


def print_page(rows: Sequence[Mapping[str, Any]], columns: Iterable[str], nothing: str, limit: int) -> None:
    """Print at most `limit` of all `rows`, and say how many more there are."""
    print_table(rows[:limit], columns, nothing)
    if len(rows) > limit:
        say(f"… and {len(rows) - limit} more: --limit {len(rows)}")


def print_newest(rows: Sequence[Mapping[str, Any]], columns: Iterable[str], nothing: str, limit: int) -> None:
    """Print at most `limit` of `rows`, of which one more was asked for: whether there is more, not how much."""
    print_table(rows[:limit], columns, nothing)
    if len(rows) > limit:
        say(f"… and more, which are older: --limit {2 * limit}")
