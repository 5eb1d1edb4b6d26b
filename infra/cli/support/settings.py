"""`carillon support settings`: how a client wants to be served."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import working_hours as options_working_hours
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.support import clients
from infra.cli.support.clients import ClientArgument
from shared.database import sql
from shared.support import escalation, working_time
from shared.support.reminders import OpenHandover, Timeouts, remind_at

EXAMPLES = (
    "Examples: carillon support settings Ромашка, "
    "carillon support settings Ромашка --working-hours 'mon-fri 09:00-18:00; sat 10:00-15:00' --auto-close 180"
)
Number = int | None
Words = str | None
WEEK_MINUTES, YEAR_MINUTES = 10080, 525600
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
    "keywords": "--keywords",
    "timezone": "--timezone",
    "working_hours": "--working-hours",
    "holidays": "--holidays",
}

_SQL = sql.load(__file__)


def _minutes(option: str, words: str, most: int = WEEK_MINUTES, least: int = 1) -> Any:
    return typer.Option(option, min=least, max=most, metavar="MINUTES", help=words)


def settings(  # noqa: PLR0913 - each is an option
    client: ClientArgument,
    reminder_timeout_1: Annotated[Number, _minutes("--reminder-1", "Working time to a reminder.")] = None,
    reminder_timeout_2: Annotated[Number, _minutes("--reminder-2", "To the urgent one.")] = None,
    auto_close_timeout: Annotated[Number, _minutes("--auto-close", "Until it ends unanswered.")] = None,
    escalation_cooldown_minutes: Annotated[Number, _minutes("--cooldown", "Nobody is paged anew.", least=0)] = None,
    confidence_threshold: Annotated[float | None, typer.Option("--threshold", help="0 to 1: how sure to be.")] = None,
    first_mute_minutes: Annotated[Number, _minutes("--first-mute", "The bot's silence after a no.")] = None,
    second_mute_minutes: Annotated[
        Number, _minutes("--second-mute", "Its silence after a second no.", YEAR_MINUTES)
    ] = None,
    no_count_reset_minutes: Annotated[Number, _minutes("--no-count-reset", "A no is forgotten.", YEAR_MINUTES)] = None,
    manager_mute_minutes: Annotated[Number, _minutes("--manager-mute", "Its silence after a manager wrote.")] = None,
    gather_seconds: Annotated[
        Number, typer.Option("--gather", min=0, max=60, metavar="SECONDS", help="Wait for more of a burst.")
    ] = None,
    owner_telegram_id: Annotated[Words, typer.Option("--owner", help="@name, or none.")] = None,
    telegram_chat_id: Annotated[Number, typer.Option("--chat", help="The managers' group.")] = None,
    telegram_bot_id: Annotated[Words, typer.Option("--telegram-bot", help="A bot's name.")] = None,
    whatsapp_bot_id: Annotated[Words, typer.Option("--whatsapp-bot", help="A bot's name.")] = None,
    timezone: Annotated[Words, typer.Option("--timezone", help="Asia/Almaty and its like.")] = None,
    working_hours: Annotated[Words, typer.Option(help="mon-fri 09:00-18:00; sat 10:00-15:00, or always.")] = None,
    holidays: Annotated[Words, typer.Option("--holidays", help="2026-01-01,2026-01-02, or none.")] = None,
    keywords: Annotated[Words, typer.Option("--keywords", help="Words that call a person, or usual.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a client's settings, or change them: then requests that wait are reminded of by the new ones."""
    given = {name: value for name, value in locals().items() if name in OPTIONS and value is not None}
    with connect() as connection, connection.transaction():
        found = clients.find(connection, client)
        connection.execute(_SQL["ensure"], {"client": found["id"]})
        row = fetch_one(connection, _SQL["read"], client=found["id"])
        moved = _change(connection, row, given) if given else 0
        row = fetch_one(connection, _SQL["read"], client=found["id"])
    if as_json:
        print_json(row)
        return
    print_table([_line(row, column) for column in OPTIONS], ("option", "value"), "")
    if given:
        say(f"✓ {found['name']} has these settings" + (f"; {moved} waiting requests are timed anew" if moved else ""))


def _line(row: Mapping[str, Any], column: str) -> dict[str, Any]:
    """A setting as one would type it."""
    value = row[column]
    match column:
        case "telegram_bot_id" | "whatsapp_bot_id":
            value = row[column.removesuffix("_id")]
        case "keywords":
            value = DEFAULT if value is None else ", ".join(value)
        case "working_hours":
            value = options_working_hours.write(value)
        case "holidays":
            value = ",".join(day.isoformat() for day in value) or NONE
    return {"option": OPTIONS[column], "value": value}


def _change(connection: Connection, row: DictRow, given: Mapping[str, Any]) -> int:
    """Write what was given, after looking at the whole; how many requests are timed anew. Raises Failure."""
    try:
        whole = {**row, **{column: _read(connection, row, column, value) for column, value in given.items()}}
        _check_order(whole)
        escalation.check_keywords(whole["keywords"] or ())
        hours = working_time.parse(whole["timezone"], whole["working_hours"], whole["holidays"])
    except ValueError as error:
        raise AdminError(str(error), f"look: carillon support settings {row['client']}") from None
    week = None if whole["working_hours"] is None else Jsonb(whole["working_hours"])
    connection.execute(_SQL["write"], {**whole, "working_hours": week})
    timeouts = Timeouts(whole["reminder_timeout_1"], whole["reminder_timeout_2"], whole["auto_close_timeout"])
    connection.execute(_SQL["lock"], {"client": row["client_id"]})
    waiting = fetch(connection, _SQL["waiting"], client=row["client_id"])
    due = [remind_at(OpenHandover(one["created_at"], "pending", one["reminder_1_sent_at"], one["reminder_2_sent_at"],
                             is_talked_to=one["is_talked_to"]), timeouts, hours) for one in waiting]  # fmt: skip
    connection.execute(_SQL["remind"], {"ids": [one["id"] for one in waiting], "due": due})
    return len(waiting)


def _read(connection: Connection, row: DictRow, column: str, value: Any) -> Any:
    """What was given for `column`, as the table has it. Raises ValueError, Failure."""
    match column:
        case "telegram_chat_id":
            return clients.group(value)
        case "owner_telegram_id":
            return None if value == NONE else clients.username(value)
        case "telegram_bot_id" | "whatsapp_bot_id":
            whatsapp = column == "whatsapp_bot_id"
            return clients.bot_id(connection, value, whatsapp=whatsapp, client=row["client_id"])
        case "confidence_threshold":
            if not 0 <= value <= 1:  # neither is NaN
                raise ValueError("--threshold is a number from 0 to 1: how sure the classifier has to be")
            return round(value, 2)
        case "keywords":
            return _keywords(value)
        case "working_hours":
            return options_working_hours.read(value)
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


def _check_order(whole: Mapping[str, Any]) -> None:
    first, second, close = (whole[c] for c in ("reminder_timeout_1", "reminder_timeout_2", "auto_close_timeout"))
    if not first < second < close:
        raise ValueError(
            f"reminders come one after another, and then the end: --reminder-1 {first} --reminder-2 {second} "
            f"--auto-close {close} do not rise; give those that have to change together"
        )
    if whole["second_mute_minutes"] < whole["first_mute_minutes"]:
        raise ValueError(
            f"the second silence is no shorter than the first: --first-mute {whole['first_mute_minutes']} "
            f"--second-mute {whole['second_mute_minutes']}; give both"
        )
