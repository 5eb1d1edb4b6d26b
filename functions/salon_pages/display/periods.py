"""Links to other periods: what people choose without typing."""

from dataclasses import dataclass
from datetime import date, timedelta

from functions.salon_pages.reports.period import Comparison
from functions.salon_pages.texts.numbers import periods as texts
from shared.i18n import dates
from shared.i18n.texts import Language, Text


@dataclass(frozen=True)
class Choice:
    """A period that can be chosen, and whether it is the one that is shown."""

    title: Text
    first: date
    last: date
    is_chosen: bool


def choices(comparison: Comparison) -> list[Choice]:
    """Today, yesterday, seven and thirty days, this month and the last one."""
    shown, today = comparison.current, comparison.current.clock.today
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    known = (
        (texts.TODAY, today, today),
        (texts.YESTERDAY, today - timedelta(days=1), today - timedelta(days=1)),
        (texts.WEEK, today - timedelta(days=6), today),
        (texts.THIRTY_DAYS, today - timedelta(days=29), today),
        (texts.THIS_MONTH, month, today),
        (texts.LAST_MONTH, last_month, month - timedelta(days=1)),
    )
    fitting = next((title for title, *days in known if days == [shown.first, shown.last]), None)  # the first: one is
    return [Choice(title, first, last, is_chosen=title is fitting) for title, first, last in known]


def describe(first: date, last: date, language: Language) -> str:
    """«29 ноября 2026», «1 ноября 2026 – 30 ноября 2026»."""
    begins, ends = (f"{dates.day(day, language)} {day.year}" for day in (first, last))
    return begins if first == last else f"{begins} – {ends}"
