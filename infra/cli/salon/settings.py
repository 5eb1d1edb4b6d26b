"""`carillon salon settings`: when a salon's digest comes, and what is worth an alert."""

import sys
from typing import Annotated, Any, Literal

import typer

from infra.admin.database import Connection, connect
from infra.admin.errors import AdminError
from infra.admin.salon.connect import seal_token
from infra.admin.salon.settings import change, read
from infra.cli.options import chats, times
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.salon.tenants import TenantArgument
from shared import config

EXAMPLES = (
    "Examples: carillon salon settings aurora, "
    "carillon salon settings aurora --timezone Asia/Oral --digest-hour 8 --low-conversion 20, "
    "carillon salon settings aurora --yclients-token-stdin < token.txt"
)
# What can be changed: the column, and the option that people know it by.
OPTIONS = {
    "bot_id": "--bot",
    "chat_id": "--chat",
    "timezone": "--timezone",
    "digest_hour": "--digest-hour",
    "language": "--language",
    "low_conversion": "--low-conversion",
    "high_drop_off": "--high-drop-off",
    "error_spike": "--error-spike",
    "stale_hours": "--stale-hours",
    "minimum_sample": "--minimum-sample",
    "quiet_from": "--quiet-from",
    "quiet_until": "--quiet-until",
}


def _number(option: str, help_: str, minimum: float, maximum: float) -> Any:
    return typer.Option(option, min=minimum, max=maximum, help=help_)


Chat = Annotated[
    int | None,
    typer.Option("--chat", parser=chats.chat, metavar="CHAT_ID", help="Where the digest goes; -100… is a group."),
]
Timezone = Annotated[
    str | None, typer.Option("--timezone", callback=times.timezone_if_given, help="The zone, like Asia/Almaty.")
]
DigestHour = Annotated[int | None, _number("--digest-hour", "The hour of the salon's morning.", 0, 23)]
Language = Annotated[Literal["ru", "en"] | None, typer.Option("--language", help="The language of digests and alerts.")]
LowConversion = Annotated[
    float | None, _number("--low-conversion", "The percentage below which there is an alert.", 0, 100)
]
HighDropOff = Annotated[
    float | None, _number("--high-drop-off", "The percentage above which there is an alert.", 0, 100)
]
ErrorSpike = Annotated[float | None, _number("--error-spike", "The percentage above which there is an alert.", 0, 100)]
StaleHours = Annotated[int | None, _number("--stale-hours", "The bot's silence that is an alert.", 1, 168)]
MinimumSample = Annotated[int | None, _number("--minimum-sample", "Dialogs that a percentage needs.", 1, 100000)]
QuietFrom = Annotated[int | None, _number("--quiet-from", "Hour from which alerts wait.", 0, 23)]
QuietUntil = Annotated[int | None, _number("--quiet-until", "Hour until which they do.", 0, 23)]


def settings(  # noqa: PLR0913 - each is an option
    tenant: TenantArgument,
    bot: Annotated[str | None, typer.Option("--bot", help="A bot's name.")] = None,
    chat_id: Chat = None,
    timezone: Timezone = None,
    digest_hour: DigestHour = None,
    language: Language = None,
    low_conversion: LowConversion = None,
    high_drop_off: HighDropOff = None,
    error_spike: ErrorSpike = None,
    stale_hours: StaleHours = None,
    minimum_sample: MinimumSample = None,
    quiet_from: QuietFrom = None,
    quiet_until: QuietUntil = None,
    yclients_token_stdin: Annotated[
        bool, typer.Option("--yclients-token-stdin", help="Read the salon's new YClients token from standard input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a salon's settings, and change those that are given."""
    given = {name: value for name, value in locals().items() if name in OPTIONS and value is not None}
    is_change = bool(given) or bot is not None
    with connect() as connection:
        if yclients_token_stdin:
            _seal(connection, tenant, sys.stdin.readline().strip())
        found = change(connection, tenant, given, bot=bot) if is_change else read(connection, tenant)
    if as_json:
        print_json(found.row)
        return
    shown = {**found.row, "bot_id": found.row["bot"]}
    lines = [{"option": option, "value": shown[column]} for column, option in OPTIONS.items()]
    print_table(lines, ("option", "value"), "")
    if is_change:
        say(f"✓ {found.salon} has these settings")


def _seal(connection: Connection, tenant: str, token: str) -> None:
    if not token.isascii() or len(token.split()) != 1:
        raise AdminError("what came from standard input is no YClients token", "give it alone, on one line")
    seal_token(connection, tenant, config.load(names=("secrets_key",)).secrets_key, token)
