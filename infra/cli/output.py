"""What commands print: tables for people, JSON for scripts; errors go to stderr."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 160

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def console(*, stderr: bool = False) -> Console:
    """Where people read; wide when nobody's terminal limits it."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PIPED_WIDTH, highlight=False)


def plain(value: object) -> str:
    """A value as one short line: local time, nothing for nothing, and nothing that could steer a terminal."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=_for_json)
    return "".join(character if character.isprintable() else "·" for character in str(value))


def say(text: str, style: str = "") -> None:
    """Print a line."""
    console().print(Text(text, style), soft_wrap=True)


def complain(cause: str, next_step: str = "") -> None:
    """Print an error to stderr."""
    out = console(stderr=True)
    out.print(Text.assemble(("✗ ", "red"), plain(cause)), soft_wrap=True)
    if next_step:
        out.print(Text(f"  → {plain(next_step)}"), soft_wrap=True)


def print_json(value: object) -> None:
    """Print `value` as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_for_json) + "\n")


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
        table.add_row(*(Text(plain(row[name])) for name in columns))
    console().print(table)


def ago(seconds: float) -> str:
    """A duration in the unit a person would choose."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2f} s"


def _for_json(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
