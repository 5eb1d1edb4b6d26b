"""What the bot sends by itself: reminders, and what was moved or cancelled."""

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

from functions.remind_participants import messages, texts
from functions.remind_participants.changes import Change, Reader
from functions.remind_participants.reminders import Reminder, School
from infra.previews.examples.example import Names
from shared.delivery.enqueue import Message
from shared.i18n.texts import Language

NOW, DAY = datetime(2026, 3, 6, 9, tzinfo=UTC), date(2026, 3, 7)


def sent(names: Names, language: Language) -> list[Message]:
    """A reminder of each kind, a day and an hour before; a change of each kind."""
    school = School(1, language, "Europe/Moscow", time(22), time(9), NOW)
    found = []
    for kind, lead in texts.HEADS:
        clock = None if kind in ("assignment", "homework") else time(10)
        note = names.text if kind in ("healing", "event") else None
        title = None if kind == "healing" else names.title
        found.append(Reminder(kind, lead, 1, 1, 1, title, note, DAY, None, clock, NOW, f"{kind}/{lead}"))
    reminders = [messages.message(reminder, school, "") for reminder in found]
    return [*reminders, *(messages.change_message(change, school, Reader(1, 1), NOW, "") for change in _changes(names))]


def _changes(names: Names) -> list[Change]:
    """A session and an event that were moved, cancelled, brought back."""
    return [
        Change(
            kind, 1, names.title, 1, DAY, time(10), what == "restored", DAY + timedelta(days=2), time(19),
            what == "cancelled",
        )
        for kind in ("session", "event")
        for what in get_args(texts.What)
    ]  # fmt: skip
