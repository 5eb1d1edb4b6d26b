"""Quiet hours defer to their end: over midnight, and over a change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.courses.quiet_hours import QuietHours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(9), BERLIN)
HOURS = st.times(timezones=st.none())
ZONES = st.sampled_from(["Europe/Berlin", "Asia/Almaty", "America/New_York", "Etc/UTC"]).map(ZoneInfo)


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (NIGHT, (5, 12, 0), (5, 12, 0)),
        (NIGHT, (5, 21, 59), (5, 21, 59)),
        (NIGHT, (5, 22, 0), (6, 9, 0)),
        (NIGHT, (5, 3, 0), (5, 9, 0)),
        (NIGHT, (5, 9, 0), (5, 9, 0)),
        (QuietHours(time(13), time(15), BERLIN), (5, 14, 0), (5, 15, 0)),
        (QuietHours(time(13), time(15), BERLIN), (5, 16, 0), (5, 16, 0)),
        (QuietHours(time(0), time(0), BERLIN), (5, 0, 0), (5, 0, 0)),
    ],
)
def test_a_moment_in_quiet_hours_becomes_their_end(
    quiet: QuietHours, at: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    day, hour, minute = at

    deferred = quiet.defer(datetime(2026, 3, day, hour, minute, tzinfo=BERLIN))

    assert (deferred.day, deferred.hour, deferred.minute) == expected


@given(st.integers(0, 366 * 24 * 60), HOURS, HOURS, ZONES)
def test_what_is_deferred_is_never_earlier_nor_a_day_later(
    minutes: int, begin: time, end: time, zone: ZoneInfo
) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    deferred = QuietHours(begin, end, zone).defer(moment)

    assert timedelta(0) <= deferred - moment <= timedelta(hours=25)
    assert deferred.tzinfo == zone
