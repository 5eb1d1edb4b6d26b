"""A salon that moves to another zone: its days go on without a gap and without an overlap."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from tests.functions.daily_metrics_digest.conftest import Tick
from tests.helpers.worlds.salon import Plain, Salon, salon

ZONES = ("Asia/Almaty", "Europe/Moscow", "Pacific/Kiritimati", "Pacific/Niue", "Australia/Lord_Howe", "Europe/Lisbon")
FIRST = datetime(2025, 10, 22, 0, 7, tzinfo=UTC)  # clocks change in some of the zones meanwhile
SALONS, HOURS, TICK = 8, 9 * 24, 6


def sessions(tenant: Salon) -> list[datetime]:
    """The starts of a session every two hours, all stored at once."""
    starts = [FIRST - timedelta(days=2) + timedelta(hours=2 * n) for n in range((HOURS + 48) // 2)]
    tenant.archive([(uuid4(), start, None, "done") for start in starts], [])
    return starts


async def test_every_session_counts_once_wherever_and_whenever_a_salon_moves(connection: Plain, tick: Tick) -> None:
    chance = random.Random(7)  # noqa: S311
    salons = [salon(connection, f"№ {n}", chance.choice(ZONES)) for n in range(SALONS)]
    starts = {tenant.id: sessions(tenant) for tenant in salons}
    moves = {tenant.id: sorted(chance.sample(range(24, HOURS - 24), chance.choice((1, 1, 2)))) for tenant in salons}
    for hour in range(0, HOURS, TICK):
        for tenant in salons:
            if any(hour <= move < hour + TICK for move in moves[tenant.id]):
                tenant.settings(timezone=chance.choice(ZONES))
        await tick(FIRST + timedelta(hours=hour))

    for tenant in salons:
        days = tenant.metrics()[::-1]
        assert all(day["ends_at"] == later["begins_at"] for day, later in pairwise(days)), tenant.id
        for day in days:
            counted = sum(day["begins_at"] <= start < day["ends_at"] for start in starts[tenant.id])
            assert day["dialogs_started"] == counted
        told = [row["dedup_key"][-10:] for row in tenant.digests()]
        assert len(told) == len(set(told)) >= HOURS // 24 - 5


async def test_a_day_that_was_told_stays_and_the_next_one_begins_where_it_ended(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection, timezone="Asia/Almaty")
    midnight = datetime(2026, 11, 19, 19, tzinfo=UTC)  # of the 20th in Almaty; in Moscow it is ten in the evening
    for minutes in (-1, 0, 1, 119, 121):
        lotus.session(midnight + timedelta(minutes=minutes))
    await tick(datetime(2026, 11, 20, 4, tzinfo=UTC))

    lotus.settings(timezone="Europe/Moscow")
    await tick(datetime(2026, 11, 20, 6, tzinfo=UTC))
    assert len(lotus.digests()) == 1
    await tick(datetime(2026, 11, 21, 6, tzinfo=UTC))

    days = {day["day"]: day for day in lotus.metrics()}
    assert [days[date(2026, 11, day)]["dialogs_started"] for day in (19, 20)] == [1, 4]
    last = days[date(2026, 11, 20)]
    assert (last["begins_at"], last["ends_at"] - last["begins_at"]) == (midnight, timedelta(hours=26))
    assert "Диалоги: <b>4</b>" in lotus.captions()[1]
    assert all(day["revised_at"] is None for day in days.values())


async def test_days_that_were_counted_before_bounds_were_kept_get_them(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)
    await tick(datetime(2026, 11, 20, 4, tzinfo=UTC))
    connection.execute("update dashboard.metrics_dailies set begins_at = null, ends_at = null")

    await tick(datetime(2026, 11, 21, 4, tzinfo=UTC))

    bounds = [(day["begins_at"], day["ends_at"]) for day in lotus.metrics()[:3]]
    midnight = datetime(2026, 11, 20, 19, tzinfo=UTC)
    assert bounds == [(midnight - timedelta(days=n + 1), midnight - timedelta(days=n)) for n in range(3)]
