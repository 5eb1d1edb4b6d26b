"""The form of a noun that goes with a number."""

import pytest

from shared.i18n.plural import Noun

DAYS = Noun(ru=("день", "дня", "дней"), en=("day", "days"))


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (0, "0 дней", "0 days"), (1, "1 день", "1 day"), (2, "2 дня", "2 days"), (4, "4 дня", "4 days"),
        (5, "5 дней", "5 days"), (11, "11 дней", "11 days"), (12, "12 дней", "12 days"), (14, "14 дней", "14 days"),
        (21, "21 день", "21 days"), (22, "22 дня", "22 days"), (111, "111 дней", "111 days"),
        (112, "112 дней", "112 days"), (121, "121 день", "121 days"),
    ],
)  # fmt: skip
def test_a_number_takes_its_form(count: int, russian: str, english: str) -> None:
    assert (DAYS.counted(count, "ru"), DAYS.counted(count, "en")) == (russian, english)


def test_number_and_noun_may_be_kept_on_one_line() -> None:
    assert DAYS.counted(7, "ru", "\N{NO-BREAK SPACE}") == "7\N{NO-BREAK SPACE}дней"
