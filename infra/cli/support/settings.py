"""`carillon support settings`: how a desk works."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.support import desks
from infra.admin.support import settings as desk_settings
from infra.cli.options import chats
from infra.cli.options import working_hours as hours
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.support.desks import DeskArgument
from shared.i18n.texts import Language

EXAMPLES = (
    "Examples: carillon support settings Ромашка, "
    "carillon support settings Ромашка --working-hours 'mon-fri 09:00-18:00; sat 10:00-15:00' --auto-close 180"
)
Number = int | None
String = str | None
WEEK_MINUTES, YEAR_MINUTES = 10080, 525600
MAX_TOKENS = 10**15
DEFAULT, NONE = "usual", "none"

# What can be changed: the column, and the option that people know it by.
OPTIONS = {
    "telegram_chat_id": "--chat",
    "telegram_bot_id": "--telegram-bot",
    "whatsapp_bot_id": "--whatsapp-bot",
    "owner_telegram_id": "--owner",
    "reminder_timeout_1": "--reminder-1",
    "reminder_timeout_2": "--reminder-2",
    "auto_close_timeout": "--auto-close",
    "escalation_cooldown_minutes": "--cooldown",
    "confidence_threshold": "--threshold",
    "first_mute_minutes": "--first-mute",
    "second_mute_minutes": "--second-mute",
    "no_count_reset_minutes": "--no-count-reset",
    "manager_mute_minutes": "--manager-mute",
    "gather_seconds": "--gather",
    "daily_tokens": "--daily-tokens",
    "customer_daily_tokens": "--customer-daily-tokens",
    "keywords": "--keywords",
    "timezone": "--timezone",
    "language": "--language",
    "working_hours": "--working-hours",
    "holidays": "--holidays",
}


def _minutes(option: str, help_: str, maximum: int = WEEK_MINUTES, minimum: int = 1) -> Any:
    return typer.Option(option, min=minimum, max=maximum, metavar="MINUTES", help=help_)


def _tokens(option: str, help_: str) -> Any:
    return typer.Option(option, min=0, max=MAX_TOKENS, metavar="N", help=help_)


Threshold = Annotated[float | None, typer.Option("--threshold", help="How sure the classifier has to be, from 0 to 1.")]
Gather = Annotated[
    Number, typer.Option("--gather", min=0, max=60, metavar="SECONDS", help="How long to wait for more of a burst.")
]
Tokens = Annotated[Number, _tokens("--daily-tokens", "The model's tokens a day (UTC). Beyond them people answer.")]
CustomerTokens = Annotated[Number, _tokens("--customer-daily-tokens", "As many of them as one customer may use.")]
Chat = Annotated[Number, typer.Option("--chat", parser=chats.chat, metavar="CHAT_ID", help="The managers' group.")]
DeskLanguage = Annotated[
    Language | None, typer.Option("--language", help="The language of the texts for customers and managers.")
]
Hours = Annotated[String, typer.Option(help="The hours, like mon-fri 09:00-18:00; sat 10:00-15:00, or always.")]


def settings(  # noqa: PLR0913 - each is an option
    client: DeskArgument,
    reminder_timeout_1: Annotated[Number, _minutes("--reminder-1", "Working minutes until a reminder.")] = None,
    reminder_timeout_2: Annotated[Number, _minutes("--reminder-2", "Working minutes until the urgent one.")] = None,
    auto_close_timeout: Annotated[Number, _minutes("--auto-close", "Working minutes until it ends unanswered.")] = None,
    escalation_cooldown_minutes: Annotated[
        Number, _minutes("--cooldown", "How long nobody is paged anew.", minimum=0)
    ] = None,
    confidence_threshold: Threshold = None,
    first_mute_minutes: Annotated[Number, _minutes("--first-mute", "How long the bot is silent after a no.")] = None,
    second_mute_minutes: Annotated[
        Number, _minutes("--second-mute", "How long it is silent after a second no.", YEAR_MINUTES)
    ] = None,
    no_count_reset_minutes: Annotated[
        Number, _minutes("--no-count-reset", "After how long a no is forgotten.", YEAR_MINUTES)
    ] = None,
    manager_mute_minutes: Annotated[
        Number, _minutes("--manager-mute", "How long it is silent after a manager wrote.")
    ] = None,
    gather_seconds: Gather = None,
    daily_tokens: Tokens = None,
    customer_daily_tokens: CustomerTokens = None,
    owner_telegram_id: Annotated[String, typer.Option("--owner", help="The owner's @name, or none.")] = None,
    telegram_chat_id: Chat = None,
    telegram_bot_id: Annotated[String, typer.Option("--telegram-bot", help="A bot's name.")] = None,
    whatsapp_bot_id: Annotated[String, typer.Option("--whatsapp-bot", help="A bot's name.")] = None,
    timezone: Annotated[String, typer.Option("--timezone", help="The zone, like Asia/Almaty.")] = None,
    language: DeskLanguage = None,
    working_hours: Hours = None,
    holidays: Annotated[
        String, typer.Option("--holidays", help="The days off, like 2026-01-01,2026-01-02, or none.")
    ] = None,
    keywords: Annotated[String, typer.Option("--keywords", help="The words that call a person, or usual.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a client's settings, or change them: then requests that wait are reminded of by the new ones."""
    given = {name: value for name, value in locals().items() if name in OPTIONS and value is not None}
    _show_or_change(client, given, as_json=as_json)


def _show_or_change(client: str, given: Mapping[str, Any], *, as_json: bool) -> None:
    with connect() as connection:
        desk = desks.find(connection, client)
        if not given:
            row, retimed = desk_settings.read(connection, desk["id"]), 0
        else:
            try:
                columns = {column: _parse(column, value) for column, value in given.items()}
                changed = desk_settings.change(connection, desk["id"], columns)
            except ValueError as error:
                raise AdminError(str(error), f"look: carillon support settings {desk['name']}") from None
            row, retimed = changed.settings, changed.retimed
    if as_json:
        print_json(row)
        return
    print_table([_line(row, column) for column in OPTIONS], ("option", "value"), "")
    if given:
        also = f"; {retimed} waiting requests are timed anew" if retimed else ""
        say(f"✓ {desk['name']} has these settings{also}")


def _line(row: Mapping[str, Any], column: str) -> dict[str, Any]:
    """A setting as one would type it."""
    value = row[column]
    match column:
        case "telegram_bot_id" | "whatsapp_bot_id":
            value = row[column.removesuffix("_id")]
        case "keywords":
            value = DEFAULT if value is None else ", ".join(value)
        case "working_hours":
            value = hours.write(value)
        case "holidays":
            value = ",".join(day.isoformat() for day in value) or NONE
    return {"option": OPTIONS[column], "value": value}


def _parse(column: str, value: Any) -> Any:
    """What was typed for `column`, as infra.admin takes it. Raises ValueError."""
    match column:
        case "owner_telegram_id":
            return None if value == NONE else value
        case "keywords":
            return _keywords(value)
        case "working_hours":
            return hours.read(value)
        case "holidays":
            return [] if value == NONE else sorted({_day(day.strip()) for day in value.split(",")})
    return value


def _keywords(text: str) -> list[str] | None:
    if text == DEFAULT:
        return None
    keywords = [keyword.strip() for keyword in text.split(",") if keyword.strip()]
    if not keywords:
        raise ValueError("--keywords are words that call a person, with commas between them, or usual")
    return keywords


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"holidays: {text!r} is no date; write them like 2026-01-01,2026-01-02, or none") from None
