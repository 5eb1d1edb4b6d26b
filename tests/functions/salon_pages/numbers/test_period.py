"""Days and what they are compared with, where a day goes on and where a salon has moved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from functions.daily_metrics_digest.digest import metrics
from functions.salon_pages.reports import period
from functions.salon_pages.reports.period import Comparison
from shared.database.pool import Database
from tests.helpers.worlds.salon import Plain, Salon, salon


@pytest.fixture
def lotus(connection: Plain) -> Salon:
    return salon(connection, "Лотос", "Asia/Almaty")


async def load(database: Database, of: Salon, timezone: str, first: date, last: date, now: datetime) -> Comparison:
    async with database.connection() as connection:
        clock = await period.read_clock(connection, of.id, timezone, now)
        return await period.load(connection, clock, first, last)


async def test_a_day_that_goes_on_is_compared_with_as_much_of_the_day_before(database: Database, lotus: Salon) -> None:
    now = datetime(2026, 11, 30, 9, 36, tzinfo=UTC)  # 14:36 in Almaty
    today = date(2026, 11, 30)

    found = await load(database, lotus, "Asia/Almaty", today, today, now)

    [day], [before] = found.current.days, found.previous.days
    assert (day.ends - day.begins, found.current.is_unfinished) == (timedelta(days=1), True)
    assert (before.day, before.ends - before.begins) == (date(2026, 11, 29), timedelta(hours=14, minutes=36))


async def test_days_that_are_over_are_compared_with_as_many_whole_ones(database: Database, lotus: Salon) -> None:
    now = datetime(2026, 11, 30, 9, 36, tzinfo=UTC)

    found = await load(database, lotus, "Asia/Almaty", date(2026, 11, 1), date(2026, 11, 29), now)

    assert (len(found.current.days), len(found.previous.days)) == (29, 29)
    assert found.previous.first == date(2026, 10, 3)
    assert [day.ends for day in found.both.days[:-1]] == [day.begins for day in found.both.days[1:]]


async def test_a_salon_that_moved_keeps_the_days_that_were_counted(database: Database, lotus: Salon) -> None:
    counted = date(2026, 11, 20)
    async with database.transaction() as connection:
        asked = [metrics.Salon(lotus.id, "Asia/Almaty", counted)]
        await metrics.compute(connection, asked, datetime(2026, 11, 21, 9, tzinfo=UTC))

    found = await load(database, lotus, "Europe/Moscow", counted, date(2026, 11, 22), datetime(2026, 12, 1, tzinfo=UTC))

    hours = [(day.ends - day.begins) / timedelta(hours=1) for day in found.current.days]
    assert hours == [24, 26, 24]
    assert found.current.days[0].ends == found.current.days[1].begins


async def test_a_date_that_a_zone_left_out_is_no_day(database: Database, lotus: Salon) -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)

    found = await load(database, lotus, "Pacific/Apia", date(2011, 12, 29), date(2011, 12, 31), now)

    assert [day.day for day in found.current.days] == [date(2011, 12, 29), date(2011, 12, 31)]
