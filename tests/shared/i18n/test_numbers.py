"""Numbers as each language writes them."""

from decimal import Decimal

import pytest

from shared.i18n import numbers

S, N = numbers.NO_BREAK_SPACE, numbers.NARROW_SPACE


@pytest.mark.parametrize(
    ("value", "digits", "russian", "english"),
    [
        (0, 1, "0", "0"), (15.25, 1, "15,2", "15.2"), (15.04, 1, "15", "15"), (9.96, 1, "10", "10"),
        (12000, 0, f"12{S}000", "12,000"), (1234567.5, 1, f"1{S}234{S}567,5", "1,234,567.5"), (100, 0, "100", "100"),
        (Decimal("3.80"), 1, "3,8", "3.8"), (-2.5, 1, "-2,5", "-2.5"),
    ],
)  # fmt: skip
def test_numbers(value: float | Decimal, digits: int, russian: str, english: str) -> None:
    assert numbers.number(value, "ru", digits=digits) == russian
    assert numbers.number(value, "en", digits=digits) == english


def test_percents() -> None:
    assert (numbers.percent(33.333, "ru"), numbers.percent(33.333, "en")) == (f"33,33{S}%", "33.33%")
    assert numbers.percent(8.33, "ru", digits=1, space=N) == f"8,3{N}%"


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [(29.5, f"+30{S}%", "+30%"), (-49.2, f"−49{S}%", "−49%"), (-0.4, f"+0{S}%", "+0%"), (0, f"+0{S}%", "+0%")],
)
def test_a_change_has_its_sign(value: float, russian: str, english: str) -> None:
    assert (numbers.change(value, "ru"), numbers.change(value, "en")) == (russian, english)


def test_money_has_its_currencys_sign_or_code() -> None:
    assert (numbers.money(36000.4, "KZT", "ru"), numbers.money(36000, "KZT", "en")) == (f"36{S}000{S}₸", f"36,000{S}₸")
    assert numbers.money(5, "CHF", "ru") == f"5{S}CHF"
