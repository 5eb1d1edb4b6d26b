"""Numbers as each language writes them. `space` is what Russian puts between thousands and before the percent sign."""

from decimal import Decimal

from shared.i18n.texts import Language

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"

_SIGNS = {"KZT": "₸", "RUB": "₽", "USD": "$", "EUR": "€", "UAH": "₴"}


def number(value: float | Decimal, language: Language, *, digits: int = 1, space: str = NO_BREAK_SPACE) -> str:
    """«15,3», «12 000»: at most `digits` decimals, without zeros at the end."""
    written = f"{value:,.{digits}f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return written if language == "en" else written.translate({ord(","): space, ord("."): ","})


def percent(value: float | Decimal, language: Language, *, digits: int = 2, space: str = NO_BREAK_SPACE) -> str:
    """«33,33 %», "33.33%"; `value` is in percent."""
    return f"{number(value, language, digits=digits, space=space)}{'' if language == 'en' else space}%"


def change(value: float, language: Language) -> str:
    """«+30 %», «−49 %»: a difference in whole percents, with its sign."""
    return f"{'−' if round(value) < 0 else '+'}{percent(abs(round(value)), language, digits=0)}"


def money(amount: float, currency: str, language: Language) -> str:
    """«36 000 ₸»: without decimals; a currency without a sign of its own keeps its code."""
    return f"{number(amount, language, digits=0)}{NO_BREAK_SPACE}{_SIGNS.get(currency, currency)}"
