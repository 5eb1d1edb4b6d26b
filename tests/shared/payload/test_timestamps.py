"""Times in the many spellings of others. Those of GetCourse are in its function's tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.payload.timestamps import EARLIEST, LATEST, parse_timestamp, parse_with_offset
from tests.shared.payload.test_values import any_json

MOMENT = datetime(2026, 3, 2, 11, 36, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-02 14:36:58", MOMENT),
        ("02.03.2026 14:36:58", MOMENT),
        ("2026-03-02T11:36:58Z", MOMENT),
        ("2026-03-02T11:36:58 00:00", MOMENT),
        (1772451418, MOMENT),
        ("1772451418000", MOMENT),
        (True, None),
        ("", None),
        ("soon", None),
        ("1999-12-31T00:00:00Z", None),
        ("2100-01-01T00:00:00Z", None),
        (10**400, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_a_time_without_an_offset_is_local(value: Any, moment: datetime | None) -> None:
    assert parse_timestamp(value, "Europe/Moscow") == moment


def test_a_local_time_in_a_zone_that_nobody_knows_is_moscows() -> None:
    assert parse_timestamp("2026-03-02 14:36:58", "Mars/Olympus") == datetime(2026, 3, 2, 11, 36, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        ("2026-03-02T14:36:58+03:00", timedelta(hours=3)),
        ("2026-03-02T11:36:58Z", timedelta(0)),
        ("2026-03-02 14:36:58", None),
        ("02.03.2026 14:36:58", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        (1772451418, None),
        ("1772451418000", None),
        (None, None),
    ],
)
def test_a_time_that_needs_its_offset_keeps_it(value: Any, offset: timedelta | None) -> None:
    moment = parse_with_offset(value)
    assert (moment and moment.utcoffset()) == offset
    assert moment in (None, MOMENT)


@given(any_json | st.integers(min_value=-(10**20), max_value=10**20), st.text(max_size=20))
def test_no_json_breaks_a_parser(value: Any, zone: str) -> None:
    for moment in (parse_timestamp(value, "UTC"), parse_timestamp(value, zone), parse_with_offset(value)):
        assert moment is None or EARLIEST <= moment < LATEST
