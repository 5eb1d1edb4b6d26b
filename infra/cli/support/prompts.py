"""`carillon support prompt`: what the model is told. Old texts stay as history; one is active."""

import sys
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer
from psycopg import errors

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import prompts
from infra.cli.options.prompts import say_aside
from infra.cli.output import say
from infra.cli.support import clients
from infra.cli.support.clients import ClientOption
from shared.database import sql

EXAMPLES = (
    "Examples: carillon support prompt classifier --example, "
    "carillon support prompt system_prompt --example > facts.txt, "
    "carillon support prompt system_prompt --client Ромашка --file facts.txt"
)
Name = Literal["system_prompt", "classifier"]
BLANK = "НАЗВАНИЕ КОМПАНИИ"  # what the example leaves to be filled in
PROMPTS = Path(__file__).parent / "prompts"

_SQL = sql.load(__file__)


def prompt(  # noqa: PLR0913 - each is an option
    name: Annotated[Name, typer.Argument(help="system_prompt answers people, classifier names what they want.")],
    client: ClientOption = "",
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="A new text.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="A new text from standard input.")] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Use our classifier; of system_prompt: print one to fill in.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the text that is in use, as without options.")] = False,
    deactivate: Annotated[bool, typer.Option("--deactivate", help="Use it no longer; it stays as history.")] = False,
) -> None:
    """Show or change what the model is told, for one client, or for all who have no text of their own."""
    if [file is not None, stdin, example, show, deactivate].count(True) > 1:
        raise typer.BadParameter("--file, --stdin, --example, --show and --deactivate: one of them")
    if example and name == "system_prompt":
        sys.stdout.write(_example(name))
        say_aside("fill it in, then: carillon support prompt system_prompt --client NAME --file FILE")
        return
    text = _text(name, file, stdin=stdin, example=example)
    with connect() as connection, connection.transaction():
        whose = clients.find(connection, client)["id"] if client else None
        for_whom = f"of {client}" if client else "of all who have none of their own"
        if text is not None:
            _replace(connection, name, whose, text)
            say(f"✓ the {name} {for_whom} is new: {len(text)} characters")
        elif deactivate:
            if not fetch(connection, _SQL["deactivate"], client=whose, name=name):
                raise AdminError(
                    f"there is no active {name} {for_whom}", f"look: carillon support prompt {name} --show"
                )
            say(f"✓ the {name} {for_whom} is no longer used")
        else:
            _show(connection, name, whose)


def _text(name: Name, file: Path | None, *, stdin: bool, example: bool) -> str | None:
    """The new text, if there is one. Raises Failure."""
    if not (file or stdin or example):
        return None
    text = prompts.checked(_example(name)) if example else prompts.read(file)
    if BLANK in text:
        raise AdminError("the example is not filled in", f"replace {BLANK} and the facts with your own")
    return text


def _example(name: Name) -> str:
    return (PROMPTS / f"{name}.txt").read_text(encoding="utf-8")


def _replace(connection: Connection, name: Name, client: UUID | None, text: str) -> None:
    connection.execute(_SQL["deactivate"], {"client": client, "name": name})
    try:
        fetch_one(connection, _SQL["add"], client=client, name=name, text=text)
    except errors.UniqueViolation:
        raise AdminError(f"somebody else changed the {name} just now", "look at it, then try again") from None


def _show(connection: Connection, name: Name, client: UUID | None) -> None:
    found = fetch(connection, _SQL["active"], client=client, name=name)
    if not found:
        raise AdminError(f"there is no {name} yet", f"begin with: carillon support prompt {name} --example")
    sys.stdout.write(found[0]["text"] + "\n")
    whose = "the client's own" if found[0]["client_id"] else "for all who have none of their own"
    say_aside(f"since {found[0]['created_at'].astimezone():%Y-%m-%d %H:%M}, {whose}")
