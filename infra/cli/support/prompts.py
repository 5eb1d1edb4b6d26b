"""`carillon support prompt`: the prompts of a desk's model."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from infra.admin.database import Connection, connect
from infra.admin.errors import AdminError
from infra.admin.support import desks, prompts
from infra.admin.support.prompts import Name
from infra.cli.options.prompts import read, say_aside
from infra.cli.output import say
from infra.cli.support.desks import DeskOption

EXAMPLES = (
    "Examples: carillon support prompt classifier --example, "
    "carillon support prompt system_prompt --example > facts.txt, "
    "carillon support prompt system_prompt --client Ромашка --file facts.txt"
)


def prompt(  # noqa: PLR0913 - each is an option
    name: Annotated[Name, typer.Argument(help="system_prompt answers people, classifier names what they want.")],
    client: DeskOption = "",
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="A new text.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="A new text from standard input.")] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Use our classifier; of system_prompt: print one to fill in.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the text that is in use, as without options.")] = False,
    deactivate: Annotated[bool, typer.Option("--deactivate", help="Use it no longer; it stays as history.")] = False,
) -> None:
    """Show or change the model's prompts, for one client, or for all who have no text of their own."""
    if [file is not None, stdin, example, show, deactivate].count(True) > 1:
        raise typer.BadParameter("--file, --stdin, --example, --show and --deactivate: one of them")
    if example and name == "system_prompt":
        sys.stdout.write(prompts.example(name))
        say_aside("fill it in, then: carillon support prompt system_prompt --client NAME --file FILE")
        return
    text = None
    if example:
        text = prompts.example(name)
    elif file or stdin:
        text = read(file)
    with connect() as connection:
        desk = desks.find(connection, client)["id"] if client else None
        of_whom = f"of {client}" if client else "of all who have none of their own"
        if text is not None:
            length = prompts.replace(connection, name, text, desk)
            say(f"✓ the {name} {of_whom} is new: {length} characters")
        elif deactivate:
            if not prompts.deactivate(connection, name, desk):
                raise AdminError(f"there is no active {name} {of_whom}", f"look: carillon support prompt {name} --show")
            say(f"✓ the {name} {of_whom} is no longer used")
        else:
            _show(connection, name, desk)


def _show(connection: Connection, name: Name, desk: UUID | None) -> None:
    prompt = prompts.active(connection, name, desk)
    sys.stdout.write(prompt["text"] + "\n")
    of_whom = "the client's own" if prompt["client_id"] else "for all who have none of their own"
    say_aside(f"since {prompt['created_at'].astimezone():%Y-%m-%d %H:%M}, {of_whom}")
