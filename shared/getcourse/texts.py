"""What messages about GetCourse's lessons have in common. HTML as Telegram understands it."""

from datetime import datetime
from html import escape

from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language, Text
from shared.payload import timezones

MAX_TITLE = 120

COURSE = Text(ru="Курс: {title}", en="Course: {title}")
LESSON = Text(ru="Урок: {title}", en="Lesson: {title}")


def title(text: str) -> str:
    """A name or title: escaped, and cut where it would drown the message."""
    return escape(shorten(text, MAX_TITLE), quote=False)


def lesson_title(module_number: int | None, module_title: str | None, lesson_number: int | None, lesson: str) -> str:
    """«1.2 Старт → Цели»: module and lesson with their numbers, as far as they are known."""
    numbers = ".".join(str(number) for number in (module_number, lesson_number) if number is not None)
    module = f"{module_title} → " if module_title else ""
    return title(f"{numbers} {module}{lesson}".strip())


def local(moment: datetime, timezone: str, language: Language) -> str:
    """«15.01.2026 14:36» on the clocks of `timezone`."""
    return dates.moment(moment.astimezone(timezones.zone(timezone, timezones.OF_SOURCES)), language)
