"""`carillon trace`: one event's whole life, from the webhook to Telegram's message id."""

from typing import Annotated, Any

import typer

from infra.admin import trace as admin_trace
from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.formats import format_duration
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, print_json, print_table

EXAMPLES = "Examples: carillon trace event:12, carillon trace outbox:7, carillon trace 4f0c9a1e…"


def trace(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="event:ID, outbox:ID, or a correlation id from the logs.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show one event's whole life: stored, processed, notified, sent, with times and gaps."""
    with usage_errors():
        target = admin_trace.parse_target(what)
    with connect() as connection:
        steps = admin_trace.trace(connection, target)
    if not steps:
        raise AdminError(
            f"nothing is known of {what}", "look: carillon outbox list, or take a correlation id from the logs"
        )
    rows: list[dict[str, Any]] = [
        {"at": step.at, "gap_seconds": step.gap_seconds, "what": step.what, "detail": step.detail} for step in steps
    ]
    if as_json:
        print_json(rows)
    else:
        print_table([{**row, "gap": _gap(row["gap_seconds"])} for row in rows], ("at", "gap", "what", "detail"), "")


def _gap(seconds: float | None) -> str:
    return "" if seconds is None else f"+{format_duration(seconds)}"
