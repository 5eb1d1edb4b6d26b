"""A month on buttons: limits, today, and what is read of a press."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.telegram_webhook.courses.dialog import buttons, calendar
from functions.telegram_webhook.courses.dialog.calendar import Limits, Month

TODAY = date(2026, 3, 7)
LIMITS = Limits(date(2026, 2, 27), date(2027, 1, 2))
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def keyboard(shown: date, limits: Limits = LIMITS, picked: date | None = None) -> list[list[tuple[str, str]]]:
    rows = calendar.rows(
        Month(shown, limits, TODAY, picked), "ru", lambda action, value: buttons.data("form", action, value)
    )
    return [[(button.text, button.data.removeprefix("courses:form:")) for button in row] for row in rows]


def test_a_month_begins_on_monday_and_marks_today_and_what_was_picked() -> None:
    head, weekdays, first, second, *_ = keyboard(TODAY, picked=date(2026, 3, 9))

    assert head == [("‹", "month:202602"), ("Март 2026", "month:202603"), ("›", "month:202604")]
    assert [text for text, _ in weekdays] == ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
    assert [text for text, _ in first] == [" "] * 6 + ["1"]
    assert second[5] == ("[7]", "day:20260307")
    assert keyboard(TODAY, picked=date(2026, 3, 9))[4][0] == ("✓9", "day:20260309")
    assert second[0] == ("2", "day:20260302")


def test_days_and_months_out_of_the_limits_draw_the_month_again() -> None:
    head, *weeks = keyboard(date(2020, 1, 1))

    assert head[0] == (" ", "month:202602")
    assert head[1][0] == "Февраль 2026"
    days = [cell for row in weeks for cell in row]
    assert ("27", "day:20260227") in days
    assert [cell for cell in days if cell[0] == "·"] == [("·", "month:202602")] * 26
    last = keyboard(date(2099, 1, 1))
    assert (last[0][1][0], last[0][2]) == ("Январь 2027", (" ", "month:202701"))


@settings(max_examples=50)
@given(shown=DAYS, first=DAYS, length=st.integers(0, 900))
def test_every_day_that_may_be_picked_stands_on_its_month_once(shown: date, first: date, length: int) -> None:
    limits = Limits(first, first + timedelta(days=length))

    cells = [cell for row in keyboard(shown, limits) for cell in row]
    picked = [calendar.parse_day(data.removeprefix("day:")) for _, data in cells if data.startswith("day:")]

    month = limits.month(shown)
    expected = [month + timedelta(days=n) for n in range(31) if (month + timedelta(days=n)).month == month.month]
    assert picked == [day for day in expected if day in limits]
    assert picked
    assert len(cells) <= 52
    for _, data in cells:
        assert calendar.parse_day(data.removeprefix("day:")) or calendar.parse_month(data.removeprefix("month:"))


@pytest.mark.parametrize(
    "text", ["", "2026", "20260230", "00000101", "2026030", "x0260307", "２０２６０３０７", "-2026030"]
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert calendar.parse_day(text) is None


@pytest.mark.parametrize("text", ["", "202613", "20260", "2026030", "000001"])
def test_what_names_no_month_is_none(text: str) -> None:
    assert calendar.parse_month(text) is None
