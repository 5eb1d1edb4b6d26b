"""`carillon outbox`: what was sent, what waits, what failed, and what to do about it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from infra.admin.database import connect
from infra.admin.outbox import messages
from infra.admin.outbox.selection import Selection, State
from infra.cli.outbox import changes
from infra.cli.outbox.options import Bot, ErrorClass, Ids, Kind, System, Until, moment
from infra.cli.output import AsJson, console, print_fields, print_json, print_newest, print_table

app = typer.Typer(help="Outgoing messages: list, show, send again, cancel.", no_args_is_help=True)
app.command("redrive", epilog=changes.REDRIVE_EXAMPLES)(changes.redrive)
app.command("cancel", epilog=changes.CANCEL_EXAMPLES)(changes.cancel)

DEFAULT_SINCE = "24h"


@app.command("list", epilog="Example: carillon outbox list --state dead --since 7d")
def list_(  # noqa: PLR0913 - each is an option
    ids: Ids = None,
    state: Annotated[State | None, typer.Option(help="Only rows in this state.")] = None,
    error_class: ErrorClass = None,
    system: System = None,
    kind: Kind = None,
    bot: Bot = None,
    since: Annotated[str, typer.Option(help="How far back, a day when left out: 24h, 7d, 2026-01-15.")] = "",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most so many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show messages, the newest first, without their texts."""
    begin = moment(since or ("" if ids else DEFAULT_SINCE))
    selection = Selection(ids, [state] if state else None, error_class, system, kind, bot, begin, moment(until))
    with connect() as connection:
        rows = messages.list_selected(connection, selection, limit + 1)
    if as_json:
        print_json(rows[:limit])
    else:
        columns = ("id", "queued", "bot", "kind", "to", "state", "notes")
        print_newest([_line(row) for row in rows], columns, "no such messages", limit)


@app.command(epilog="Example: carillon outbox show 42 --text")
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The row's id.")],
    text: Annotated[
        bool, typer.Option("--text", help="Show the words and the whole address, too. They are somebody's.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one message with everything that was tried."""
    with connect() as connection:
        row, attempts = messages.get(connection, number, whole=text)
    if as_json:
        print_json({**row, "attempts": attempts})
        return
    print_fields(row, 16)
    console().print()
    columns = ("started_at", "ended_at", "outcome", "http_status", "retry_after")
    print_table(attempts, columns, "nothing was tried yet")


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as one line of the table."""
    return {
        **row,
        "queued": f"{row['created_at'].astimezone():%m-%d %H:%M:%S}",
        "to": row["recipient"].partition("@")[0] if row["recipient"] else row["chat_id"],
        "state": f"{row['state']}: {row['error_class']}" if row["error_class"] else row["state"],
        "notes": ", ".join(_notes(row)),
    }


def _notes(row: Mapping[str, Any]) -> Iterator[str]:
    """What is unusual about a message."""
    if row["state"] == "queued":
        yield f"due {row['due_at'].astimezone():%H:%M:%S}"
    if row["attempt"] > 1:
        yield f"{row['attempt']} tries"
    if row["priority"] != "normal":
        yield row["priority"]
    if row["topic"]:
        yield f"topic {row['topic']}"
    for name, words in (("as_text", "without markup"), ("out_of_order", "parked"), ("maybe_duplicate", "maybe twice")):
        if row[name]:
            yield words
    if row["redrives"]:
        yield f"redriven {row['redrives']}×"
    if row["error_text"]:
        yield f"“{row['error_text']}”"
    if row["message_id"] or row["external_id"]:
        yield f"message {row['message_id'] or row['external_id']}"
