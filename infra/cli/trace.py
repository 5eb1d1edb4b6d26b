"""`carillon trace`: whatever a log line names, from the webhook to the gateway's message id."""

from typing import Annotated, Any

import typer

from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.formats import format_duration
from infra.admin.trace import trace as admin_trace
from infra.admin.trace.target import Target, parse_target
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, print_json, print_table

EXAMPLES = (
    "Examples: carillon trace event:12, carillon trace outbox:7, carillon trace handover 3, carillon trace 4f0c9a1e…"
)
# A correlation id leaves nothing in the database when its request changed nothing.
ONLY_LOGGED = (
    "the log alone has the ids of requests that stored nothing: a webhook that was refused or had come before, a tick "
    "with nothing due, a press that changed nothing, a file that was given out, a call of a learning app; the field "
    "function of the lines with this id says whose it is"
)


def trace(
    what: Annotated[
        list[str],
        typer.Argument(metavar="WHAT", help="event:ID, outbox:ID, handover:NUMBER, or a correlation id from the logs."),
    ],
    as_json: AsJson = False,
) -> None:
    """Show everything that belongs to an event, a message, a handover or a correlation id, with times and gaps.

    A correlation id leads from any webhook or run to what it stored and sent. Nobody's words are shown.
    """
    with usage_errors():
        target = parse_target(":".join(what))
    with connect() as connection:
        steps = admin_trace.trace(connection, target)
    if not steps:
        raise _nothing(target, ":".join(what))
    rows: list[dict[str, Any]] = [
        {"at": step.at, "gap_seconds": step.gap_seconds, "what": step.what, "detail": step.detail} for step in steps
    ]
    if as_json:
        print_json(rows)
    else:
        print_table([{**row, "gap": _gap(row["gap_seconds"])} for row in rows], ("at", "gap", "what", "detail"), "")


def _nothing(target: Target, what: str) -> AdminError:
    if target.correlation:
        return AdminError(f"no row of the database carries {what}", ONLY_LOGGED)
    look = "carillon support handovers" if target.handover else "carillon outbox list"
    return AdminError(f"nothing is known of {what}", f"look: {look}, or take a correlation id from the logs")


def _gap(seconds: float | None) -> str:
    return "" if seconds is None else f"+{format_duration(seconds)}"
