"""`carillon learning settings`: what a client may do."""

from typing import Annotated, Literal

import typer

from infra.admin.database import connect
from infra.admin.learning.clients import MAX_BUDGET, check_budget
from infra.admin.learning.settings import change
from infra.cli.learning.clients import ClientArgument
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, print_json, print_table, say

EXAMPLES = (
    "Examples: carillon learning settings app, carillon learning settings app --daily-tokens 500000, "
    "carillon learning settings app --no-active"
)
NONE = "none"
OPTIONS = {"public": "--public/--no-public", "active": "--active/--no-active", "daily_tokens": "--daily-tokens"}


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
    with usage_errors():
        budget = _budget(daily_tokens)
    with connect() as connection:
        row = change(connection, name, public=public, active=active, daily_tokens=budget)
    if as_json:
        print_json(row)
        return
    shown = {**row, "daily_tokens": NONE if row["daily_tokens"] is None else row["daily_tokens"]}
    lines = [{"option": option, "value": shown[column]} for column, option in OPTIONS.items()]
    print_table(lines, ("option", "value"), "")
    if (daily_tokens, public, active) != (None, None, None):
        say(f"✓ {name} has these settings")


def _budget(text: str | None) -> int | Literal["unlimited"] | None:
    """What was typed, as infra.admin takes it. Raises ValueError."""
    if text is None:
        return None
    if text == NONE:
        return "unlimited"
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_BUDGET)) and int(text) <= MAX_BUDGET):
        raise ValueError(f"--daily-tokens is a number from 0 to {MAX_BUDGET}, or {NONE}")
    check_budget(int(text))
    return int(text)
