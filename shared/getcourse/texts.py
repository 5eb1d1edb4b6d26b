"""Words and shapes that all messages about GetCourse share. HTML as Telegram understands it."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

MAX_TITLE = 120


def title(text: str) -> str:
    """A name or title: escaped, and cut where it would drown the message."""
    short = text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1] + "…"
    return escape(short, quote=False)


def lesson_title(module_number: int | None, module_title: str | None, lesson_number: int | None, lesson: str) -> str:
    """«1.2 Старт → Цели»: module and lesson with their numbers, as far as they are known."""
    numbers = ".".join(str(number) for number in (module_number, lesson_number) if number is not None)
    module = f"{module_title} → " if module_title else ""
    return title(f"{numbers} {module}{lesson}".strip())


def local(moment: datetime, timezone: str) -> str:
    """«15.01.2026 14:36» on the clocks of `timezone`."""
    return moment.astimezone(ZoneInfo(timezone)).strftime("%d.%m.%Y %H:%M")
