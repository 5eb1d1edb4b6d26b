"""A month on buttons, to pick a day from.

Whoever has an old or forged button may press any day, so whoever takes one asks `Limits` again.
"""

import re
from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from functions.telegram_webhook.courses.dialog.buttons import Button, Rows
from shared.i18n import dates
from shared.i18n.texts import Language

EMPTY = " "  # Telegram takes no button without a text
OUT_OF_LIMITS = "·"

_WEEKS = Calendar()  # from Monday on
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)


@dataclass(frozen=True)
class Limits:
    """The first and the last day that may be picked."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether the day may be picked."""
        return self.first <= day <= self.last

    def month(self, wanted: date) -> date:
        """The first day of the wanted month, or of the nearest in which some day may be picked."""
        return min(max(wanted, self.first), self.last).replace(day=1)


@dataclass(frozen=True)
class Month:
    """The month that is shown; `today` is the school's."""

    shown: date
    limits: Limits
    today: date
    picked: date | None = None


def rows(month: Month, language: Language, data: Callable[[str, str], str]) -> Rows:
    """The keyboard. `data` makes a button's data of an action and its argument: "month" and 202603, "day" and 20260307.

    Empty places and the days of the week draw the same month again.
    """
    first = month.limits.month(month.shown)
    again = data("month", f"{first:%Y%m}")
    head = (
        _turn("‹", _months_later(first, -1), month.limits, data, again),
        Button(dates.month(first, language).capitalize(), again),
        _turn("›", _months_later(first, 1), month.limits, data, again),
    )
    weeks = list(_WEEKS.monthdatescalendar(first.year, first.month))
    weekdays = tuple(Button(dates.short_weekday(day, language), again) for day in weeks[0])
    return (head, weekdays, *(tuple(_day(day, first, month, data, again) for day in week) for week in weeks))


def parse_month(argument: str) -> date | None:
    """The first day of the month that a button names; None: it names none."""
    return parse_day(f"{argument}01")


def parse_day(argument: str) -> date | None:
    """The day that a button names; None: it names none."""
    found = _DAY.fullmatch(argument)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _turn(sign: str, to: date, limits: Limits, data: Callable[[str, str], str], again: str) -> Button:
    is_open = limits.month(to) == to
    return Button(sign, data("month", f"{to:%Y%m}")) if is_open else Button(EMPTY, again)


def _day(day: date, first: date, month: Month, data: Callable[[str, str], str], again: str) -> Button:
    if day.month != first.month:
        return Button(EMPTY, again)
    if day not in month.limits:
        return Button(OUT_OF_LIMITS, again)
    name = f"✓{day.day}" if day == month.picked else f"[{day.day}]" if day == month.today else str(day.day)
    return Button(name, data("day", f"{day:%Y%m%d}"))


def _months_later(first: date, count: int) -> date:
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)
