"""Working hours as people type them."""

import pytest

from infra.cli.options import working_hours
from shared.support import working_time


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("always", None),
        (" Always ", None),
        ("fri 09:00-18:00", {"fri": [["09:00", "18:00"]]}),
        ("Fri 09:00 – 18:00", {"fri": [["09:00", "18:00"]]}),
        ("sat,sun 10:00-24:00", {"sat": [["10:00", "24:00"]], "sun": [["10:00", "24:00"]]}),
        ("sun-mon 10:00-12:00", {"sun": [["10:00", "12:00"]], "mon": [["10:00", "12:00"]]}),
        ("tue 09:00-12:00, 13:00-18:00", {"tue": [["09:00", "12:00"], ["13:00", "18:00"]]}),
        ("tue 09:00-12:00; tue 13:00-18:00", {"tue": [["09:00", "12:00"], ["13:00", "18:00"]]}),
    ],
)
def test_a_week_is_read(text: str, week: working_hours.Week | None) -> None:
    assert working_hours.read(text) == week
    working_time.parse("Asia/Almaty", week)


@pytest.mark.parametrize(
    "text",
    ["", ";", "mon", "mon 9", "mon 09:00", "mon 09:00-12:00-18:00", "пн 09:00-18:00", "mon-xyz 09:00-18:00", "-"],
)
def test_what_is_no_week_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="mon-fri 09:00-18:00"):
        working_hours.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "always",
        "mon-fri 09:00-18:00; sat 10:00-13:00, 14:00-16:00",
        "mon 09:00-18:00; wed 09:00-18:00",
        "sun 00:00-24:00",
    ],
)
def test_a_week_is_written_as_it_is_read(text: str) -> None:
    assert working_hours.write(working_hours.read(text)) == text


def test_days_without_hours_are_left_out() -> None:
    assert working_hours.write({"mon": [], "tue": [["09:00", "18:00"]], "wed": []}) == "tue 09:00-18:00"
