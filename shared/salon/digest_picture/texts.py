"""Words and figures in the digest's picture."""

from datetime import date
from typing import Literal

Language = Literal["ru", "en"]
NOTHING = "–"

LABELS: dict[Language, tuple[str, str, str]] = {
    "ru": ("диалоги", "записи", "конверсия"),
    "en": ("dialogs", "bookings", "conversion"),
}
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}

_DAYS: dict[Language, tuple[str, ...]] = {
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
           "декабря"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip
_THOUSAND = {"ru": "\u202f", "en": ","}
_SHORTER: dict[Language, tuple[tuple[int, str], ...]] = {
    "ru": ((10**9, "млрд"), (10**6, "млн"), (10**3, "к")),
    "en": ((10**9, "b"), (10**6, "m"), (10**3, "k")),
}
_WRITTEN_OUT_BELOW = 10_000


def about(day: date, language: Language) -> str:
    """Which day the large figures are about."""
    said = "Вчера" if language == "ru" else "Yesterday"
    return f"{said}, {_DAYS[language][day.weekday()]} {day.day} {_MONTHS[language][day.month - 1]}"


def whole(count: int, language: Language) -> str:
    """A count with its thousands apart."""
    return f"{count:,}".replace(",", _THOUSAND[language])


def percent(value: float | None, language: Language) -> str:
    """A share; a dash when there is none."""
    if value is None:
        return NOTHING
    figure = f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:.0f}"
    return f"{figure.replace('.', ',')}\u202f%" if language == "ru" else f"{figure}%"


def short(count: int, language: Language) -> str:
    """A count for a narrow column."""
    if count < _WRITTEN_OUT_BELOW:
        return str(count)
    size, name = next(one for one in _SHORTER[language] if count >= one[0])
    return f"{count // size}{name}"
