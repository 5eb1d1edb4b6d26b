"""How people of a school read days and times: of its clock."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from shared.i18n import dates
from shared.i18n.texts import Language


def day(start: date, end: date | None, at: time | None, language: Language) -> str:
    """«сб, 13 сентября, 10:00», «сб, 13 сентября – вс, 14 сентября»."""
    shown = _day(start, language)
    if end and end != start:
        shown += f" – {_day(end, language)}"
    return f"{shown}, {at:%H:%M}" if at else shown


def zone(timezone: str, now: datetime) -> str:
    """«Europe/Moscow, UTC+3»: whose clock it is."""
    offset = now.astimezone(ZoneInfo(timezone)).utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"{timezone}, UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def _day(value: date, language: Language) -> str:
    return f"{dates.short_weekday(value, language)}, {dates.day(value, language)}"
