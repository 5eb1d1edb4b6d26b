"""How long a place is offered: half of what is left, at most twelve hours, and never over in quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.courses.healing import MAX_OFFER, offer_window
from shared.courses.quiet_hours import QuietHours

QUIET = QuietHours(time(22), time(9), ZoneInfo("Etc/UTC"))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "begins", "expected"),
    [
        (at(1, 9), at(9, 19), (at(1, 9), at(1, 21))),  # twelve hours
        (at(1, 12), at(1, 16), (at(1, 12), at(1, 14))),  # half of four
        (at(1, 12), at(2, 14), (at(1, 12), at(2, 9))),  # twelve hours end at midnight: until nine
        (at(1, 23), at(9, 19), (at(2, 9), at(2, 21))),  # sent in the morning
        (at(1, 21), at(2, 10), (at(1, 21), at(2, 9))),
        (at(1, 21), at(2, 8), (at(1, 21), at(2, 8))),  # nobody is asked after the beginning
        (at(2, 3), at(2, 8), None),  # begun before anybody may be asked
        (at(1, 12), at(1, 12), None),
    ],
)
def test_an_offer_stands_for_half_of_the_time_that_is_left(
    now: datetime, begins: datetime, expected: tuple[datetime, datetime] | None
) -> None:
    assert offer_window(now, begins, QUIET) == expected


@given(st.integers(0, 48 * 60), st.integers(-60, 72 * 60))
def test_an_offer_is_sent_and_ends_outside_of_quiet_hours_and_before_the_beginning(minute: int, left: int) -> None:
    now = at(1, 0) + timedelta(minutes=minute)
    begins = now + timedelta(minutes=left)

    window = offer_window(now, begins, QUIET)

    if window is None:
        assert QUIET.defer(now) >= begins
    else:
        sent_at, until = window
        assert now <= sent_at < until <= begins
        assert QUIET.defer(sent_at) == sent_at
        assert QUIET.defer(until) == until or until == begins
        assert until - sent_at <= MAX_OFFER or QUIET.defer(sent_at + MAX_OFFER) >= until
