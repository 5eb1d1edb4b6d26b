"""`carillon learning forget`: a learner wants everything deleted."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.formats import format_value
from infra.admin.learning import forget as forgetting
from infra.admin.learning.forget import Counts
from infra.cli.learning.clients import ClientArgument
from infra.cli.output import ask, say

EXAMPLES = "Example: carillon learning forget app --device 5f0c7a52-tablet"


def forget(
    name: ClientArgument,
    device: Annotated[str, typer.Option(metavar="ID", help="The learner's, as the front end names it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a learner with all sessions, threads, messages and synopses. Asks first."""
    learner = f"{format_value(device)} of {name}"
    with connect() as connection:
        counts = forgetting.count(connection, name, device)
        if not yes:
            ask(f"{learner}: {_listed(counts)} will be gone. Go on?")
        deleted = forgetting.forget(connection, name, device)
    say(f"✓ {learner} is forgotten: {_listed(deleted)} went")
    say("  An answer that is kept for a repeated call (Idempotency-Key) goes with its key, a day after it.")


def _listed(counts: Counts) -> str:
    return f"{_counted(counts.sessions, 'session')}, {_counted(counts.messages, 'message')}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
