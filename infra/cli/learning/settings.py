"""`carillon learning settings`: what a client may do."""

from typing import Annotated

import typer

from infra.admin.database import connect, fetch_one
from infra.cli.learning import clients
from infra.cli.learning.clients import MAX_BUDGET, ClientArgument
from infra.cli.output import AsJson, print_json, print_table, say
from shared.database import sql

EXAMPLES = (
    "Examples: carillon learning settings app, carillon learning settings app --daily-tokens 500000, "
    "carillon learning settings app --no-active"
)
NONE = "none"
OPTIONS = {"public": "--public/--no-public", "active": "--active/--no-active", "daily_tokens": "--daily-tokens"}

_SQL = sql.load(__file__)


def settings(
    name: ClientArgument,
    daily_tokens: Annotated[str | None, typer.Option(metavar="N|none", help="Of the language model, per day.")] = None,
    public: Annotated[
        bool | None, typer.Option("--public/--no-public", help="Whether its token is in a browser or an app.")
    ] = None,
    active: Annotated[bool | None, typer.Option("--active/--no-active", help="Whether it may call at all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a client's settings, and change those that are given. --no-active switches one off; none is deleted."""
    budget = {"limits": daily_tokens is not None, "daily_tokens": _budget(daily_tokens)}
    with connect() as connection, connection.transaction():
        client = clients.find(connection, name)["id"]
        row = fetch_one(connection, _SQL["write"], client=client, public=public, active=active, **budget)
    if as_json:
        print_json(row)
        return
    shown = {**row, "daily_tokens": NONE if row["daily_tokens"] is None else row["daily_tokens"]}
    print_table([{"option": option, "value": shown[column]} for column, option in OPTIONS.items()],
                ("option", "value"), "")  # fmt: skip
    if (daily_tokens, public, active) != (None, None, None):
        say(f"✓ {name} has these settings")


def _budget(text: str | None) -> int | None:
    if text is None or text == NONE:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_BUDGET)) and int(text) <= MAX_BUDGET):
        raise typer.BadParameter(f"--daily-tokens is a number from 0 to {MAX_BUDGET}, or {NONE}")
    clients.refuse_useless(int(text))
    return int(text)
