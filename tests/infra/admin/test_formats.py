"""Values as people read them."""

from datetime import UTC, datetime

import pytest

from infra.admin.formats import format_duration, format_value


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0.50 s"), (9.994, "9.99 s"), (10, "10 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172800, "2 d")],
)
def test_a_duration_is_in_the_unit_that_a_person_would_choose(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def test_no_value_steers_a_terminal() -> None:
    assert format_value("a\x1b[31mred\nb") == "a·[31mred·b"
    assert format_value(None) == "–"
    assert format_value(value=True) == "yes"
    assert format_value({"at": datetime(2026, 1, 15, tzinfo=UTC)}) == '{"at": "2026-01-15T00:00:00+00:00"}'
