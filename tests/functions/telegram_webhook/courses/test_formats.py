"""Days, zones and calendar files, without a database."""

from datetime import UTC, date, datetime, time

import pytest

from functions.telegram_webhook.courses import calendar_file, formats
from functions.telegram_webhook.courses.data.sessions import Session

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "at", "shown"),
    [(None, None, "сб, 13 сентября"), (None, time(10), "сб, 13 сентября, 10:00"),
     (date(2025, 9, 13), None, "сб, 13 сентября"), (date(2025, 9, 14), None, "сб, 13 сентября – вс, 14 сентября")],
)  # fmt: skip
def test_a_day_stands_with_its_weekday_and_its_time(end: date | None, at: time | None, shown: str) -> None:
    assert formats.day(date(2025, 9, 13), end, at, "ru") == shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Moscow", "UTC+3"), ("Asia/Kolkata", "UTC+5:30"), ("America/New_York", "UTC-5"), ("Etc/UTC", "UTC+0"),
     ("America/St_Johns", "UTC-3:30")],
)  # fmt: skip
def test_a_zone_says_how_far_it_is_from_greenwich(zone: str, shown: str) -> None:
    assert formats.zone(zone, NOW) == f"{zone}, {shown}"


def test_a_calendar_file_has_whole_days_times_and_what_was_cancelled() -> None:
    sessions = [
        Session(1, date(2026, 3, 7), date(2026, 3, 8), None, "Выходные", is_cancelled=True),
        Session(2, date(2026, 3, 29), None, time(10), None, is_cancelled=False),  # summer time begins that night
    ]

    text = calendar_file.render(sessions, "Школа", "Europe/Berlin", NOW, "ru")

    assert "DTSTART;VALUE=DATE:20260307\r\nDTEND;VALUE=DATE:20260309\r\nSUMMARY:Выходные\r\nSTATUS:CANCELLED" in text
    assert "DTSTART:20260329T080000Z\r\nDTEND:20260329T090000Z\r\nSUMMARY:Занятие\r\nSTATUS:CONFIRMED" in text
    assert text.count("UID:session-1@carillon") == 1
