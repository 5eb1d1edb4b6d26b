"""How a desk works: its group and bots, reminders, silences of the bot, working hours, keywords."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.support import desks
from shared.database import sql
from shared.support import escalation, working_time
from shared.support.reminders import OpenHandover, Timeouts, remind_at
from shared.support.working_time import WorkingHours

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Changed:
    """A desk's settings after a change, and how many open handovers are reminded of at other times now."""

    settings: DictRow
    retimed: int


def read(connection: Connection, desk: UUID) -> DictRow:
    """The settings of `desk`, created with the defaults where there were none, and locked."""
    connection.execute(_SQL["ensure"], {"desk": desk})
    return fetch_one(connection, _SQL["read"], desk=desk)


def change(connection: Connection, desk: UUID, given: Mapping[str, Any]) -> Changed:
    """Write the columns that are `given`, bots by their names; open handovers are reminded of by the new settings.

    Raises ValueError when the settings would not fit together, AdminError when a name or id does not.
    """
    with connection.transaction():
        row = read(connection, desk)
        settings = {**row, **{column: _to_column(connection, desk, column, value) for column, value in given.items()}}
        _check_order(settings)
        escalation.check_keywords(settings["keywords"] or ())
        hours = working_time.parse(settings["timezone"], settings["working_hours"], settings["holidays"])
        week = None if settings["working_hours"] is None else Jsonb(settings["working_hours"])
        connection.execute(_SQL["write"], {**settings, "working_hours": week})
        retimed = _retime(connection, desk, settings, hours)
        return Changed(read(connection, desk), retimed)


def _to_column(connection: Connection, desk: UUID, column: str, value: Any) -> Any:
    match column:
        case "telegram_chat_id":
            return desks.group_id(value)
        case "owner_telegram_id":
            return None if value is None else desks.username(value)
        case "telegram_bot_id" | "whatsapp_bot_id":
            return desks.bot_id(connection, value, whatsapp=column == "whatsapp_bot_id", desk=desk)
        case "confidence_threshold":
            if not 0 <= value <= 1:  # NaN is refused, too
                raise ValueError("--threshold is a number from 0 to 1: how sure the classifier has to be")
            return round(value, 2)
    return value


def _check_order(settings: Mapping[str, Any]) -> None:
    first, second, close = (settings[c] for c in ("reminder_timeout_1", "reminder_timeout_2", "auto_close_timeout"))
    if not first < second < close:
        raise ValueError(
            f"reminders come one after another, and then the end: --reminder-1 {first} --reminder-2 {second} "
            f"--auto-close {close} do not rise; give those that have to change together"
        )
    if settings["second_mute_minutes"] < settings["first_mute_minutes"]:
        raise ValueError(
            f"the second silence is no shorter than the first: --first-mute {settings['first_mute_minutes']} "
            f"--second-mute {settings['second_mute_minutes']}; give both"
        )


def _retime(connection: Connection, desk: UUID, settings: Mapping[str, Any], hours: WorkingHours | None) -> int:
    timeouts = Timeouts(settings["reminder_timeout_1"], settings["reminder_timeout_2"], settings["auto_close_timeout"])
    connection.execute(_SQL["lock_conversations"], {"desk": desk})
    rows = fetch(connection, _SQL["open_handovers"], desk=desk)
    handovers = [
        OpenHandover(row["created_at"], "pending", row["reminder_1_sent_at"], row["reminder_2_sent_at"],
                     has_manager_reply=row["has_manager_reply"])
        for row in rows
    ]  # fmt: skip
    due = [remind_at(handover, timeouts, hours) for handover in handovers]
    connection.execute(_SQL["set_remind_at"], {"ids": [row["id"] for row in rows], "due": due})
    return len(rows)
