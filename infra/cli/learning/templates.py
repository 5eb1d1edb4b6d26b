"""`carillon learning template`: one prompt. Old versions stay as history."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from psycopg.rows import DictRow

from infra.admin.database import Connection, connect
from infra.admin.errors import AdminError
from infra.admin.formats import format_value
from infra.admin.learning import templates
from infra.admin.learning.templates import Scope, Slot
from infra.cli.options.prompts import read, say_aside
from infra.cli.output import say
from shared.learning import variables
from shared.learning.placeholders import PLACEHOLDER
from shared.learning.tabs import Tab

EXAMPLES = (
    "Examples: carillon learning template --tab chat, "
    "carillon learning template --track sql-basics --file facts.txt --variable level=beginner "
    "--values level=beginner,advanced"
)


def template(  # noqa: PLR0913 - each is an option
    scope: Annotated[Scope | None, typer.Option(help="global, or track where --track is given, when left out.")] = None,
    track: Annotated[str, typer.Option(metavar="SLUG", help="Of this track alone.")] = "",
    tab: Annotated[Tab | None, typer.Option(help="Of this tab alone; of all three when left out.")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="A new text.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="A new text from standard input.")] = False,
    defaults: Annotated[
        list[str],
        typer.Option(
            "--variable", metavar="NAME[=DEFAULT]", help="Of the new text; without default calls must give it."
        ),
    ] = [],  # noqa: B006
    values: Annotated[
        list[str],
        typer.Option("--values", metavar="NAME=A,B", help="All that calls may choose; else servers alone fill it in."),
    ] = [],  # noqa: B006
    show: Annotated[bool, typer.Option("--show", help="Print the text that is in use, as without options.")] = False,
    deactivate: Annotated[bool, typer.Option("--deactivate", help="Use it no longer; it stays as history.")] = False,
) -> None:
    """Show or change one of the prompts: of all agents, of a tab, or of a track."""
    if [file is not None, stdin, show, deactivate].count(True) > 1:
        raise typer.BadParameter("--file, --stdin, --show and --deactivate: one of them")
    if (defaults or values) and not (file or stdin):
        raise typer.BadParameter("--variable and --values belong to a new text: --file or --stdin")
    scope = scope or ("track" if track else "global")
    if (scope == "track") != bool(track):
        raise typer.BadParameter("--track SLUG belongs to the scope track, which needs it")
    declared, text = _declared(defaults, values), read(file) if file or stdin else None
    with connect() as connection:
        slot = templates.find_slot(connection, scope, track, tab)
        name = f"template {slot.label}" + (f" of {track}" if track else "")
        if text is not None:
            new = templates.replace(connection, slot, text, declared)
            became = f"is new: version {new.version}, {new.length} characters" if new.version else "is as it was"
            say(f"✓ the {name} {became}")
        elif deactivate:
            _deactivate(connection, slot, name)
        else:
            _show(templates.active(connection, slot), name)


def _declared(defaults: list[str], values: list[str]) -> dict[str, Any]:
    """NAME[=DEFAULT] and NAME=A,B as declarations. Raises typer.BadParameter."""
    declared: dict[str, Any] = {}
    for pair in defaults:
        name, equals, default = pair.partition("=")
        _check_name(name, "--variable reads NAME=DEFAULT, or NAME for one that each call must give")
        declared[name] = default if equals else None
    for pair in values:
        name, _, listed = pair.partition("=")
        _check_name(name, "--values reads NAME=A,B: a name and all of its values")
        if name not in declared:
            raise typer.BadParameter(f"--values {name}=… wants --variable {name}=DEFAULT, or --variable {name} alone")
        declared[name] = variables.declare(declared.get(name), [value.strip() for value in listed.split(",")])
    return declared


def _check_name(name: str, usage: str) -> None:
    if not PLACEHOLDER.fullmatch(f"{{{{{name}}}}}"):
        raise typer.BadParameter(usage)


def _deactivate(connection: Connection, slot: Slot, name: str) -> None:
    if not templates.deactivate(connection, slot):
        raise AdminError(f"there is no active {name}", "look: carillon learning tracks")
    say(f"✓ the {name} is no longer used")


def _show(active: DictRow | None, name: str) -> None:
    if not active:
        raise AdminError(
            f"there is no {name} yet", "give one with --file or --stdin, or: carillon learning import FILE.yml"
        )
    sys.stdout.write(active["content"] + "\n")
    variables = json.dumps(active["variables"], ensure_ascii=False) if active["variables"] else "no variables"
    since = f"{active['created_at'].astimezone():%Y-%m-%d %H:%M}"
    say_aside(format_value(f"version {active['version']} since {since}, {variables}"))
