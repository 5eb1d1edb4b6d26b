"""What all forget commands do: try it, show the rows by table, ask, do it."""

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from infra.admin.database import Connection, connect
from infra.cli.output import ask, say

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Any by which the person is known.")]

KEPT = (
    "What Carillon cannot delete: backups, which hold it until they are thrown away; what stands in Telegram and"
    " WhatsApp; what GetCourse, YClients and the salon's bot keep and may send again; audits, which name no customer."
)


def forget_after_asking(forget: Callable[[Connection], Mapping[str, int]], *, yes: bool) -> None:
    """Delete what `forget` deletes, each time in a transaction of ours: at first only to see it."""
    with connect() as connection:
        if not yes:
            with connection.transaction(force_rollback=True):
                counts = forget(connection)
            _show(counts, "would go")
            ask("It cannot be undone. Go on?")
        with connection.transaction():
            counts = forget(connection)
    _show(counts, "went")
    say("✓ forgotten")
    say(f"  {KEPT}")


def _show(counts: Mapping[str, int], verb: str) -> None:
    for table, rows in counts.items():
        if rows:
            say(f"  {table}: {rows} {'row' if rows == 1 else 'rows'} {verb}")
