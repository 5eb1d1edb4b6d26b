"""`carillon bots settings` and `remove`."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from infra.admin.corrections import bots as corrections
from infra.admin.database import connect
from infra.cli.options import chats
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, ask, print_json, print_table, say

SETTINGS_EXAMPLES = (
    "Examples: carillon bots settings school --alerts -1001234567890, carillon bots settings romashka-wa --address 7701"
)
REMOVE_EXAMPLES = "Examples: carillon bots remove scool, carillon bots remove old --with-history"
MAX_PACE = 3600.0
# What can be changed: the column, and the option that people know it by.
OPTIONS = {
    "alert_chat_id": "--alerts",
    "rate_per_second": "--rate",
    "burst": "--burst",
    "private_pace": "--private-pace",
    "group_pace": "--group-pace",
    "address": "--address",
}

BotArgument = Annotated[str, typer.Argument(metavar="NAME", help="The bot.")]


def _pace(option: str, help_: str) -> Any:
    return typer.Option(option, min=0, max=MAX_PACE, metavar="SECONDS", help=help_)


def settings(  # noqa: PLR0913 - each is an option
    name: BotArgument,
    alert_chat_id: Annotated[
        int | None,
        typer.Option(
            "--alerts",
            parser=chats.chat_or_none,
            metavar="CHAT_ID",
            help="The chat that hears of its problems, or none.",
        ),
    ] = None,
    rate_per_second: Annotated[
        float | None, typer.Option("--rate", min=0.1, max=1000, help="How many messages a second it may send.")
    ] = None,
    burst: Annotated[
        int | None, typer.Option("--burst", min=1, max=1000, help="How many may leave at once before the rate counts.")
    ] = None,
    private_pace: Annotated[float | None, _pace("--private-pace", "Between two messages to one person.")] = None,
    group_pace: Annotated[float | None, _pace("--group-pace", "Between two messages to one group.")] = None,
    address: Annotated[
        str | None, typer.Option("--address", help="WhatsApp: instance id, instance name or phone number id.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a bot's settings, or change those that are given. A new token is given with `carillon bots add`."""
    given = {column: value for column, value in locals().items() if column in OPTIONS and value is not None}
    if given.get("alert_chat_id") == chats.NO_CHAT:
        given["alert_chat_id"] = None
    _show_or_change(name, given, as_json=as_json)


def _show_or_change(name: str, given: Mapping[str, Any], *, as_json: bool) -> None:
    with connect() as connection, usage_errors():
        row = corrections.change(connection, name, given) if given else corrections.read(connection, name)
    if as_json:
        print_json({column: row[column] for column in ("name", "system", "channel", *OPTIONS)})
        return
    lines = [{"option": option, "value": row[column]} for column, option in OPTIONS.items()]
    print_table(lines, ("option", "value"), "")
    if given:
        say(f"✓ bot {name} has these settings")
    if "address" in given:
        say(f"  → ask the gateway: carillon bots check {name}; then read what came meanwhile: carillon inbox list")


def remove(
    name: BotArgument,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Delete the messages that it sent, too, before their time.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a bot that nobody speaks through and that has nothing to send. Asks first."""
    with connect() as connection:
        corrections.read(connection, name)
        if not yes:
            ask(f"The bot {name} and its token will be gone. Go on?")
        messages = corrections.remove(connection, name, with_history=with_history)
    say(f"✓ bot {name} is removed" + (f", and {messages} messages with it" if messages else ""))
