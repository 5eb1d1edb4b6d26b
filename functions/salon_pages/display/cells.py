"""A table's values as a page shows them and as a file has them: the same digits, by the same rules."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from shared.i18n import dates, numbers
from shared.i18n.texts import Language, Text

Kind = Literal["text", "count", "percent", "seconds", "money", "day", "month", "moment"]
Money = Mapping[str, Decimal]  # by currency

NUMBERS: tuple[Kind, ...] = ("count", "percent", "seconds", "money")
NOTHING = "—"
SECONDS = Text(ru="с", en="s")
DATE, TIME = Text(ru="дата", en="date"), Text(ru="время", en="time")

# What a spreadsheet would take for a formula, in the letters of any width.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def show(value: Any, kind: Kind, language: Language) -> str:
    """The value on a page; a dash where there is none."""
    if value is None or value in ("", {}):
        return NOTHING
    match kind:  # the most frequent first
        case "text":
            return str(value)
        case "count":
            return _number(value, kind, language)
        case "day":
            return numbers.NO_BREAK_SPACE.join((dates.short_day(value, language), dates.short_weekday(value, language)))
        case "month" | "moment":
            return (dates.month if kind == "month" else dates.moment)(value, language)
        case "money":
            return ", ".join(_money(amount, currency, language) for currency, amount in sorted(value.items()))
        case "percent":
            return numbers.percent(value, language)
        case "seconds":
            return numbers.NO_BREAK_SPACE.join((_number(value, kind, language), SECONDS.in_(language)))


def _money(amount: Decimal, currency: str, language: Language) -> str:
    if not currency:
        return _number(amount, "money", language)
    return numbers.money(float(amount), currency, language)


def headings(title: str, kind: Kind, currencies: list[str], language: Language) -> list[str]:
    """What stands above a column in a file: a moment has two columns, money one for each currency."""
    match kind:
        case "moment":
            return [f"{title}: {DATE.in_(language)}", f"{title}: {TIME.in_(language)}"]
        case "money":
            return [f"{title}, {currency}" if currency else title for currency in currencies]
        case "percent":
            return [title if title.endswith("%") else f"{title}, %"]
        case "seconds":
            return [f"{title}, {SECONDS.in_(language)}"]
        case _:
            return [title]


def write(value: Any, kind: Kind, currencies: list[str], language: Language) -> list[str]:
    """The value in a file, in as many cells as it has headings; nothing where there is none."""
    if kind == "money":
        amounts = [(value or {}).get(currency) for currency in currencies]
        return ["" if amount is None else _digits(amount, kind, language) for amount in amounts]
    if kind == "moment":
        return ["", ""] if value is None else [_date(value, language), dates.clock(value)]
    if value is None:
        return [""]
    if kind in {"day", "month"}:
        return [_date(value, language)]
    return [_digits(value, kind, language) if kind in NUMBERS else defuse(str(value))]


def defuse(text: str) -> str:
    """A text that a spreadsheet does not run."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip(" \u00a0").startswith(_FORMULA) else text


def _number(value: Any, kind: Kind, language: Language, space: str = numbers.NO_BREAK_SPACE) -> str:
    """As on a page; milliseconds become seconds, and money has no decimals, as in the digest."""
    match kind:
        case "percent":
            return numbers.number(value, language, digits=2, space=space)
        case "seconds":
            return numbers.number(value / 1000, language, space=space)
        case "money":
            return numbers.number(float(value), language, digits=0, space=space)
        case _:
            return numbers.number(value, language, space=space)


def _digits(value: Any, kind: Kind, language: Language) -> str:
    """The same digits without anything between thousands."""
    text = _number(value, kind, language, "")
    return text if language == "ru" else text.replace(",", "")


def _date(value: date | datetime, language: Language) -> str:
    return f"{value:%d.%m.%Y}" if language == "ru" else f"{value:%Y-%m-%d}"
