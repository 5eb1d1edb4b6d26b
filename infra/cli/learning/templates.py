"""`carillon learning template`: one prompt. Old versions stay as history."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from infra.admin.database import Connection, connect
from infra.admin.errors import AdminError
from infra.admin.formats import format_value
from infra.cli.learning import template_slots
from infra.cli.learning.template_slots import Scope, Slot
from infra.cli.options import prompts
from infra.cli.options.prompts import say_aside
from infra.cli.output import say
from shared.learning.placeholders import BUILT_IN, PLACEHOLDER
from shared.learning.tabs import Tab

EXAMPLES = (
    "Examples: carillon learning template --tab chat, "
    "carillon learning template --track sql-basics --file facts.txt --variable level=beginner"
)


def template(  # noqa: PLR0913 - each is an option
    scope: Annotated[Scope | None, typer.Option(help="global, or track where --track is given, when left out.")] = None,
    track: Annotated[str, typer.Option(metavar="SLUG", help="Of this track alone.")] = "",
    tab: Annotated[Tab | None, typer.Option(help="Of this tab alone; of all three when left out.")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="A new text.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="A new text from standard input.")] = False,
    variables: Annotated[
        list[str],
        typer.Option(
            "--variable", metavar="NAME[=DEFAULT]", help="Of the new text; without default calls must give it."
        ),
    ] = [],  # noqa: B006
    show: Annotated[bool, typer.Option("--show", help="Print the text that is in use, as without options.")] = False,
    deactivate: Annotated[bool, typer.Option("--deactivate", help="Use it no longer; it stays as history.")] = False,
) -> None:
    """Show or change one of the prompts: what all agents are told, those of a tab, or those of a track."""
    if [file is not None, stdin, show, deactivate].count(True) > 1:
        raise typer.BadParameter("--file, --stdin, --show and --deactivate: one of them")
    if variables and not (file or stdin):
        raise typer.BadParameter("--variable belongs to a new text: --file or --stdin")
    scope = scope or ("track" if track else "global")
    if (scope == "track") != bool(track):
        raise typer.BadParameter("--track SLUG belongs to the scope track, which needs it")
    given, text = _variables(variables), prompts.read(file) if file or stdin else None
    with connect() as connection, connection.transaction():
        template_slots.lock(connection)
        slot = Slot(scope, template_slots.track_id(connection, track) if track else None, tab)
        name = f"template {slot.words}" + (f" of {track}" if track else "")
        if text is not None:
            _replace(connection, slot, name, text, given)
        elif deactivate:
            if not template_slots.deactivate(connection, slot):
                raise AdminError(f"there is no active {name}", "look: carillon learning tracks")
            say(f"✓ the {name} is no longer used")
        else:
            _show(connection, slot, name)


def _variables(pairs: list[str]) -> dict[str, str | None]:
    """NAME[=DEFAULT] as a mapping. Raises typer.BadParameter."""
    mapping: dict[str, str | None] = {}
    for pair in pairs:
        name, equals, default = pair.partition("=")
        if not PLACEHOLDER.fullmatch(f"{{{{{name}}}}}"):
            raise typer.BadParameter("--variable reads NAME=DEFAULT, or NAME for one that each call must give")
        mapping[name] = default if equals else None
    return mapping


def _replace(connection: Connection, slot: Slot, name: str, text: str, given: Mapping[str, str | None]) -> None:
    """A new version, which keeps those variables of the one before that it still uses. Raises Failure."""
    before = template_slots.active(connection, slot)
    used = PLACEHOLDER.findall(text)
    kept = {key: value for key, value in (before["variables"] if before else {}).items() if key in used}
    variables = {**kept, **given}
    if unknown := template_slots.unknown(text, variables):
        raise AdminError(
            f"the text uses {', '.join(unknown)}, which nothing fills in",
            f"give --variable NAME=DEFAULT for each; built in are {', '.join(BUILT_IN)}",
        )
    version = template_slots.put(connection, slot, text, variables)
    say(f"✓ the {name} is new: version {version}, {len(text)} characters" if version else f"✓ the {name} is as it was")


def _show(connection: Connection, slot: Slot, name: str) -> None:
    found = template_slots.active(connection, slot)
    if not found:
        raise AdminError(
            f"there is no {name} yet", "give one with --file or --stdin, or: carillon learning import FILE.yml"
        )
    sys.stdout.write(found["content"] + "\n")
    variables = json.dumps(found["variables"], ensure_ascii=False) if found["variables"] else "no variables"
    say_aside(
        format_value(f"version {found['version']} since {found['created_at'].astimezone():%Y-%m-%d %H:%M}, {variables}")
    )
