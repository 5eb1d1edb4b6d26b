"""`carillon courses broadcasts`."""

import sys
from typing import Annotated, Any

import typer

from infra.admin.courses import broadcasts as admin
from infra.admin.database import connect
from infra.cli.output import AsJson, MaxRows, print_fields, print_json, print_page, print_table, say
from shared.courses import broadcasts
from shared.courses.broadcasts import Change

COLUMNS = ("id", "title", "state", "queued", "sent", "failed", "skipped", "author", "scheduled_at", "sent_at")

app = typer.Typer(help="Broadcasts: how far they are; pause them, let them go on.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(metavar="ID", help="The broadcast's id, as `list` shows it.")]


@app.command("list", epilog="Example: carillon courses broadcasts list")
def list_(limit: MaxRows = 50, as_json: AsJson = False) -> None:
    """Show broadcasts, the newest first."""
    with connect() as connection:
        rows = admin.newest(connection, None if as_json else limit + 1)
    if as_json:
        print_json(rows)
    else:
        print_page(rows, COLUMNS, "there was no broadcast yet", limit)


@app.command("show", epilog="Example: carillon courses broadcasts show 1000001")
def show(broadcast_id: Id, as_json: AsJson = False) -> None:
    """Show one broadcast, and why not everybody has it."""
    with connect() as connection:
        _show(admin.show(connection, broadcast_id), as_json=as_json)


@app.command("pause", epilog="Example: carillon courses broadcasts pause 1000001")
def pause(broadcast_id: Id, as_json: AsJson = False) -> None:
    """Keep it back until somebody resumes it: whoever has not got it yet waits."""
    _change(broadcast_id, "pause", as_json=as_json)


@app.command("resume", epilog="Example: carillon courses broadcasts resume 1000001")
def resume(broadcast_id: Id, as_json: AsJson = False) -> None:
    """Let a paused one go on."""
    _change(broadcast_id, "resume", as_json=as_json)


@app.command("cancel", epilog="Example: carillon courses broadcasts cancel 1000001")
def cancel(broadcast_id: Id, as_json: AsJson = False) -> None:
    """End it for good: whoever has not got it yet is skipped, whoever has it keeps it."""
    _change(broadcast_id, "cancel", as_json=as_json)


@app.command("retry", epilog="Example: carillon courses broadcasts retry 1000001")
def retry(broadcast_id: Id, as_json: AsJson = False) -> None:
    """Send it once more to those of whom nobody knows whether they have it (error unknown)."""
    _change(broadcast_id, "retry", as_json=as_json)


@app.command("csv", epilog="Example: carillon courses broadcasts csv 1000001 > recipients.csv")
def csv(broadcast_id: Id) -> None:
    """Print everybody it is for, with what became of them, as CSV."""
    with connect() as connection:
        sys.stdout.write(broadcasts.to_csv(admin.recipients(connection, broadcast_id)))


def _change(broadcast_id: int, how: Change, *, as_json: bool) -> None:
    with connect() as connection:
        found = admin.change(connection, broadcast_id, how)
    if as_json:
        print_json(found)
    else:
        say(f"✓ {found['title']}: {found['state'] if how in ('pause', 'cancel') else 'goes on'}")


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    print_fields({name: value for name, value in found.items() if name != "reasons"}, 13)
    print_table(found["reasons"], ("status", "error", "people"), "nobody was skipped, and nothing failed")
