"""What people type into a form: days, times, numbers."""

import re
from datetime import date, time

from functions.telegram_webhook.courses.dialog.calendar import Limits

_DAY = re.compile(r"(\d{1,2})[./ ](\d{1,2})(?:[./ ](\d{4}))?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.\- ]?(\d{2}))?", re.ASCII)
_COUNT = re.compile(r"\d{1,6}", re.ASCII)


def day(text: str, limits: Limits, today: date) -> date | None:
    """The day that is written, 05.12, 5.12.2026 or 2026-12-05, if it may be picked; without a year the next."""
    written = text.strip().rstrip(".")
    if found := _ISO_DAY.fullmatch(written):
        candidates = [_date(found[1], found[2], found[3])]
    elif found := _DAY.fullmatch(written):
        years = [found[3]] if found[3] else range(limits.first.year, limits.last.year + 1)
        candidates = [_date(year, found[2], found[1]) for year in years]
    else:
        return None
    possible = [candidate for candidate in candidates if candidate and candidate in limits]
    return next((candidate for candidate in possible if candidate >= today), possible[-1] if possible else None)


def clock(text: str) -> time | None:
    """The time of day that is written: 19:00, 9.05, 1930, 19."""
    found = _TIME.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def count(text: str, most: int) -> int | None:
    """A whole number from 1 on."""
    written = text.strip()
    return int(written) if _COUNT.fullmatch(written) and 1 <= int(written) <= most else None


def _date(year: object, month: object, day_of_month: object) -> date | None:
    try:
        return date(int(str(year)), int(str(month)), int(str(day_of_month)))
    except ValueError:
        return None
