"""Texts and figures in the digest's picture."""

from datetime import date

from shared.i18n import dates, numbers
from shared.i18n.numbers import NARROW_SPACE
from shared.i18n.texts import Language, Text

NOTHING = "–"

# Of the large figures, from left to right.
LABELS = (Text(ru="диалоги", en="dialogs"), Text(ru="записи", en="bookings"), Text(ru="конверсия", en="conversion"))

_YESTERDAY = Text(ru="Вчера, {weekday} {day}", en="Yesterday, {weekday} {day}")
_UNITS = (
    (10**9, Text(ru="млрд", en="b")),
    (10**6, Text(ru="млн", en="m")),
    (10**3, Text(ru="к", en="k")),
)
_WRITTEN_OUT_BELOW = 10_000


def yesterday(day: date, language: Language) -> str:
    """Which day the large figures are about."""
    return _YESTERDAY.in_(language).format(weekday=dates.weekday(day, language), day=dates.day(day, language))


def count(value: int, language: Language) -> str:
    """A count with its thousands apart."""
    return numbers.number(value, language, digits=0, space=NARROW_SPACE)


def percent(value: float | None, language: Language) -> str:
    """A share; a dash when there is none."""
    if value is None:
        return NOTHING
    return numbers.percent(value, language, digits=1 if value < 10 else 0, space=NARROW_SPACE)


def short_count(value: int, language: Language) -> str:
    """A count for a narrow column."""
    if value < _WRITTEN_OUT_BELOW:
        return str(value)
    size, unit = next(unit for unit in _UNITS if value >= unit[0])
    return f"{value // size}{unit.in_(language)}"
