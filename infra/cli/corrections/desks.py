"""`carillon support pause`, `resume` and `remove`."""

from typing import Annotated

import typer

from infra.admin.corrections import desks as corrections
from infra.admin.database import connect
from infra.admin.support import desks
from infra.cli.output import ask, say
from infra.cli.support.desks import DeskArgument

PAUSE_EXAMPLES = "Example: carillon support pause Ромашка"
RESUME_EXAMPLES = "Example: carillon support resume Ромашка"
REMOVE_EXAMPLES = "Example: carillon support remove Рамашка"


def pause(client: DeskArgument) -> None:
    """Store what customers write, and answer nothing: the bot is silent, and no new request is opened.

    What was written meanwhile is not answered later either. To answer it later, pause the source instead.
    """
    with connect() as connection:
        desk = desks.find(connection, client)
        paused = corrections.set_status(connection, desk, "paused")
    say(f"✓ client {desk['name']} is paused" if paused else f"client {desk['name']} was paused already")
    say(f"  → put it back to work: carillon support resume {desk['name']}")


def resume(client: DeskArgument) -> None:
    """Answer a paused client's customers again, from their next message on."""
    with connect() as connection:
        desk = desks.find(connection, client)
        resumed = corrections.set_status(connection, desk, "active")
    say(f"✓ client {desk['name']} is served again" if resumed else f"client {desk['name']} was not paused")


def remove(client: DeskArgument, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a client that was added by mistake: one to whom nobody has written. Asks first."""
    with connect() as connection:
        desk = desks.find(connection, client)
        if not yes:
            question = f"The desk of {desk['name']} with its settings and prompts will be gone. Go on?"
            ask(question)
        corrections.remove(connection, desk)
    say(f"✓ client {desk['name']} is removed; its source and bots stay")
