"""What an answer means, and when to look again."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.verify_bookings import rules
from shared.clients.yclients import Record

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("attendance", "status"), [(-1, "no_show"), (0, "created"), (1, "completed"), (2, "confirmed")]
)
def test_attendance_is_the_status_and_a_deleted_record_is_cancelled(attendance: int, status: str) -> None:
    assert rules.status(Record("1", False, attendance, None, {})) == status  # noqa: FBT003
    assert rules.status(Record("1", True, attendance, None, {})) == "cancelled"  # noqa: FBT003


def test_a_deleted_record_needs_no_attendance() -> None:
    assert rules.status(Record("1", True, None, None, {})) == "cancelled"  # noqa: FBT003


@pytest.mark.parametrize("status", ["created", "confirmed"])
@pytest.mark.parametrize(
    ("starts_in", "look_in"),
    [
        (100 * HOUR, 24 * HOUR),
        (21 * HOUR, 24 * HOUR),
        (20 * HOUR, 23 * HOUR),
        (-2 * HOUR, HOUR),
        (-3 * HOUR, 24 * HOUR),
        (timedelta(days=-13), 24 * HOUR),
        (timedelta(days=-14), None),
    ],
)
def test_an_open_booking_is_looked_at_daily_and_three_hours_after_its_start(
    status: str, starts_in: timedelta, look_in: timedelta | None
) -> None:
    for is_news in (True, False):
        look = rules.next_check(NOW, status, NOW + starts_in, is_news=is_news)
        assert look == (NOW + look_in if look_in else None)


@pytest.mark.parametrize("status", rules.FINAL)
def test_an_end_is_looked_at_once_more(status: str) -> None:
    assert rules.next_check(NOW, status, NOW, is_news=True) == NOW + 24 * HOUR
    assert rules.next_check(NOW, status, NOW, is_news=False) is None


def test_failures_are_asked_again_ever_more_seldom_and_not_for_ever() -> None:
    waits = [rules.after_failure(NOW, attempts) for attempts in range(1, 12)]
    hours = [(look - NOW) / HOUR for look in waits if look]
    assert hours == [0.25, 1, 6, 24, 24, 24, 24, 24, 24]
    assert waits[-2:] == [None, None]


def test_what_is_missing_is_asked_for_three_times_more() -> None:
    waits = [rules.after_missing(NOW, attempts) for attempts in range(1, 5)]
    assert [look and (look - NOW).days for look in waits] == [1, 2, 3, None]
