"""What the bot sends by itself to remind people."""

from datetime import UTC, date, datetime, time

from functions.remind_participants import messages, texts
from functions.remind_participants.reminders import Reminder, School
from infra.previews.examples.example import Names
from shared.delivery.enqueue import Message
from shared.i18n.texts import Language

NOW, DAY = datetime(2026, 3, 6, 9, tzinfo=UTC), date(2026, 3, 7)


def sent(names: Names, language: Language) -> list[Message]:
    """A reminder of each kind, a day and an hour before."""
    school = School(1, language, "Europe/Moscow", time(22), time(9), NOW)
    found = []
    for kind, lead in texts.HEADS:
        clock = None if kind in ("assignment", "homework") else time(10)
        note = names.text if kind in ("healing", "event") else None
        title = None if kind == "healing" else names.title
        found.append(Reminder(kind, lead, 1, 1, 1, title, note, DAY, None, clock, NOW, f"{kind}/{lead}"))
    return [messages.message(reminder, school, "") for reminder in found]
