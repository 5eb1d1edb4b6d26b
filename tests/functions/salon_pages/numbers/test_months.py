"""Visits month by month, also where a clock changes while a month begins."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from functions.salon_pages.reports import bookings, period
from shared.database.pool import Database
from tests.helpers.worlds.salon import Plain, salon


@pytest.mark.parametrize(
    ("timezone", "month"),
    [
        ("Europe/Moscow", date(2026, 11, 1)),
        ("Asia/Almaty", date(2024, 3, 1)),  # its clock went back at midnight, to the last hour of February
        ("America/Havana", date(2026, 11, 1)),  # back from one o'clock to midnight: the first hour comes twice
        ("America/Asuncion", date(2017, 10, 1)),  # forward at midnight: the month begins at one o'clock
    ],
)
async def test_a_visit_counts_in_the_month_that_the_salons_clock_shows(
    database: Database, connection: Plain, timezone: str, month: date
) -> None:
    lotus, zone = salon(connection, "Лотос", timezone), ZoneInfo(timezone)
    midnight = datetime(month.year, month.month, month.day, tzinfo=zone).astimezone(UTC)
    visits = [midnight + timedelta(minutes=minutes) for minutes in range(-150, 151, 30)]
    connection.cursor().executemany(
        "insert into dashboard.bookings (tenant_id, external_id, client_id, status, start_at)"
        " values (%s, %s, '', 'completed', %s)",
        [(lotus.id, str(number), visit) for number, visit in enumerate(visits)],
    )

    async with database.connection() as reader:
        clock = await period.read_clock(reader, lotus.id, timezone, midnight + timedelta(days=1))
        found = await bookings.months(reader, clock, month - timedelta(days=40))

    expected = Counter(visit.astimezone(zone).date().replace(day=1) for visit in visits)
    assert {each.month: each.visits for each in found} == expected
    assert {each.month: each.completed for each in found} == expected
