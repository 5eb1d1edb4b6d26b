"""Days and times as each language writes them. Moments are local already: the caller knows the time zone."""

from datetime import date, datetime

from shared.i18n.texts import Language, Localized

_MONTHS = Localized(
    ru=["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
        "декабря"],
    en=["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December"],
)  # fmt: skip
_MONTHS_ALONE = Localized(
    ru=["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
        "декабрь"],
    en=_MONTHS.en,
)  # fmt: skip
_WEEKDAYS = Localized(
    ru=["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    en=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
_SHORT_WEEKDAYS = Localized(
    ru=["пн", "вт", "ср", "чт", "пт", "сб", "вс"], en=["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
)


def day(value: date, language: Language, space: str = " ") -> str:
    """«20 ноября», "20 November"."""
    return f"{value.day}{space}{_MONTHS.in_(language)[value.month - 1]}"


def short_day(value: date, language: Language) -> str:
    """«20.11», "20 Nov": which of 03.11 and 11/03 is meant depends on the reader, so English has the month's name."""
    return f"{value:%d.%m}" if language == "ru" else f"{value.day} {_short_month(value)}"


def month(value: date, language: Language) -> str:
    """«ноябрь 2026», "November 2026"."""
    return f"{_MONTHS_ALONE.in_(language)[value.month - 1]} {value.year}"


def weekday(value: date, language: Language) -> str:
    """«пятница»."""
    return _WEEKDAYS.in_(language)[value.weekday()]


def short_weekday(value: date, language: Language) -> str:
    """Two letters: «пт»."""
    return _SHORT_WEEKDAYS.in_(language)[value.weekday()]


def clock(moment: datetime) -> str:
    """«14:36», the same in both languages."""
    return f"{moment:%H:%M}"


def moment(value: datetime, language: Language) -> str:
    """«15.01.2026 14:36», "15 Jan 2026 14:36"."""
    if language == "ru":
        return f"{value:%d.%m.%Y %H:%M}"
    return f"{value.day} {_short_month(value)} {value.year} {clock(value)}"


def _short_month(value: date) -> str:
    return _MONTHS.en[value.month - 1][:3]
