"""`carillon dashboard settings`: when a salon's morning is, and what is worth an alert."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer
from psycopg.rows import DictRow

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import times
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.salon.tenants import TenantArgument, as_dashboard_role, audit, find
from shared.database import sql

EXAMPLES = (
    "Examples: carillon dashboard settings aurora, "
    "carillon dashboard settings aurora --timezone Asia/Oral --digest-hour 8 --low-conversion 20"
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


def _zone(name: str | None) -> str | None:
    return None if name is None else times.timezone(name)


def _number(option: str, words: str, least: float, most: float) -> Any:
    return typer.Option(option, min=least, max=most, help=words)


Chat = Annotated[int | None, typer.Option("--chat", help="Where the digest goes; -100… is a group.")]
Timezone = Annotated[str | None, typer.Option("--timezone", callback=_zone, help="Asia/Almaty and its like.")]
DigestHour = Annotated[int | None, _number("--digest-hour", "Of the salon's morning.", 0, 23)]
Language = Annotated[Literal["ru", "en"] | None, typer.Option("--language", help="Of digests and alerts.")]
LowConversion = Annotated[float | None, _number("--low-conversion", "Percent: less is an alert.", 0, 100)]
HighDropOff = Annotated[float | None, _number("--high-drop-off", "Percent: more is an alert.", 0, 100)]
ErrorSpike = Annotated[float | None, _number("--error-spike", "Percent: more is an alert.", 0, 100)]
StaleHours = Annotated[int | None, _number("--stale-hours", "The bot's silence that is an alert.", 1, 168)]
MinimumSample = Annotated[int | None, _number("--minimum-sample", "Dialogs that a percentage needs.", 1, 100000)]
QuietFrom = Annotated[int | None, _number("--quiet-from", "Hour from which alerts wait.", 0, 23)]
QuietUntil = Annotated[int | None, _number("--quiet-until", "Hour until which they do.", 0, 23)]

_SQL = sql.load(__file__)


def settings(  # noqa: PLR0913 - each is an option
    tenant: TenantArgument,
    bot_id: Annotated[str | None, typer.Option("--bot", help="A bot's name.")] = None,
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
    as_json: AsJson = False,
) -> None:
    """Show a salon's settings, and change those that are given."""
    given: dict[str, Any] = {name: value for name, value in locals().items() if name in OPTIONS and value is not None}
    with connect() as connection, as_dashboard_role(connection, looks_only=not given and bot_id is None):
        salon = find(connection, tenant)
        if bot_id is not None:
            given["bot_id"] = _bot(connection, bot_id)
        row = change(connection, salon, "update_settings", given) if given else read(connection, salon)
    if as_json:
        print_json(row)
        return
    shown = {**row, "bot_id": row["bot"]}
    print_table([{"option": option, "value": shown[column]} for column, option in OPTIONS.items()],
                ("option", "value"), "")  # fmt: skip
    if given:
        say(f"✓ {salon['name']} has these settings")


def read(connection: Connection, salon: DictRow) -> DictRow:
    """A salon's settings, made with the usual ones where there were none, and locked."""
    connection.execute(_SQL["ensure"], {"tenant": salon["id"]})
    return fetch_one(connection, _SQL["read"], tenant=salon["id"])


def change(connection: Connection, salon: DictRow, action: str, given: Mapping[str, Any]) -> DictRow:
    """Write what was given, and who did; the settings as they are now. As the keeper. Raises Failure."""
    if given.get("chat_id") == 0:
        raise AdminError("chat 0 is no chat", "give the chat's id: --chat -100…")
    before = read(connection, salon)
    connection.execute(_SQL["write"], {**dict.fromkeys(OPTIONS), **given, "tenant": salon["id"]})
    after = fetch_one(connection, _SQL["read"], tenant=salon["id"])
    changed = {c: {"from": before[c], "to": after[c]} for c in OPTIONS if before[c] != after[c]}
    audit(connection, action, salon["id"], f"settings: {', '.join(changed) or 'as they were'}", changed)
    return after


def _bot(connection: Connection, name: str) -> int:
    found = fetch(connection, _SQL["bot"], name=name)
    if not found or found[0]["system"] != "salon" or found[0]["channel"] != "telegram":
        raise AdminError(f"there is no Telegram bot {name} of the salons",
                      "look: carillon bots list; or add it: carillon bots add NAME --system salon")  # fmt: skip
    return int(found[0]["id"])
