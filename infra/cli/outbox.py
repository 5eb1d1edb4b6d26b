"""`carillon outbox`: what was sent, what waits, what failed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from infra.cli import moments
from infra.cli.database import connect, fetch
from infra.cli.failure import Failure
from infra.cli.output import AsJson, console, plain, print_json, print_table
from shared import sql

app = typer.Typer(help="Outgoing messages: list them, look at one.", no_args_is_help=True)

State = Literal["queued", "sending", "sent", "unknown", "dead", "cancelled"]
TEXTS = ("text", "caption")

_SQL = sql.load(__file__)


@app.command("list", epilog="Example: carillon outbox list --state dead --since 7d")
def list_(
    state: Annotated[State | None, typer.Option(help="Only rows in this state.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind, for example getcourse/answer.")] = None,
    since: Annotated[str, typer.Option(help="How far back: 24h, 7d, 2026-01-15.")] = "24h",
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most so many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show messages, the newest first, without their texts."""
    with connect() as connection:
        rows = fetch(connection, _SQL["list"], state=state, kind=kind, since=moments.since(since), limit=limit)
    if as_json:
        print_json(rows)
    else:
        columns = ("id", "created_at", "bot", "kind", "state", "attempt", "due_at", "error_class", "message_id")
        print_table(rows, columns, "no such messages")


@app.command(epilog="Example: carillon outbox show 42 --text")
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The row's id.")],
    text: Annotated[bool, typer.Option("--text", help="Show the words, too. They are somebody's.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one message with everything that was tried."""
    with connect() as connection:
        rows = fetch(connection, _SQL["show"], id=number)
        attempts = fetch(connection, _SQL["attempts"], ids=[number])
    if not rows:
        raise Failure(f"there is no outbox row {number}", "look: carillon outbox list")
    row = rows[0] if text else {**rows[0], "payload": without_text(rows[0]["payload"])}
    if as_json:
        print_json({**row, "attempts": attempts})
        return
    for name, value in row.items():
        console().print(f"{name.replace('_', ' '):16} {plain(value)}", markup=False, soft_wrap=True)
    console().print()
    columns = ("started_at", "ended_at", "outcome", "http_status", "retry_after")
    print_table(attempts, columns, "nothing was tried yet")


def without_text(payload: Mapping[str, Any]) -> dict[str, Any]:
    """`payload` with its words replaced by their number."""
    hidden = {name: f"({len(str(payload[name]))} characters; --text shows them)" for name in TEXTS if name in payload}
    return {**payload, **hidden}
