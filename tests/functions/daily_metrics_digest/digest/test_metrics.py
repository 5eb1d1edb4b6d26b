"""The numbers, recomputed by a slow program that knows nothing of SQL, on days of every length."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from functions.daily_metrics_digest import run
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.daily_metrics_digest.conftest import Tick
from tests.helpers.worlds.salon import Plain, Salon, salon

# A zone, and the day on which its clocks change: by an hour, by half of one, at midnight, for good, over the date line.
CHANGES = [
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("Europe/Kyiv", date(2025, 3, 30)),
    ("Europe/Kyiv", date(2025, 10, 26)),
    ("Asia/Almaty", date(2024, 2, 29)),
    ("Australia/Lord_Howe", date(2025, 4, 6)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("Africa/Casablanca", date(2025, 2, 23)),
    ("Africa/Casablanca", date(2025, 4, 6)),
    ("Pacific/Apia", date(2011, 12, 31)),
    ("America/Havana", date(2025, 3, 9)),
    ("America/Havana", date(2025, 11, 2)),
    ("Asia/Beirut", date(2025, 3, 30)),
]
DIGEST_HOURS = (1, 2, 9)
STATUSES = ["done", "dropped", "escalated", "abandoned", "auto_closed", "перезвонить"]


@dataclass
class Talk:
    """A session as the slow program knows it."""

    id: UUID
    started_at: datetime
    booking_id: str | None
    lines: list[tuple[str, datetime]] = field(default_factory=list)


def conversations(chance: random.Random, around: datetime, count: int) -> Iterator[Talk]:
    for n in range(count):
        started = around + timedelta(seconds=chance.randint(-5 * 86400, 2 * 86400))
        conversation = Talk(uuid4(), started, f"9{n:06}" if chance.random() < 0.3 else None)
        moment = started
        for _ in range(chance.randint(0, 6)):
            conversation.lines.append((chance.choice(["user", "user", "assistant", "system"]), moment))
            moment += timedelta(milliseconds=chance.randint(1, 600_000))
        yield conversation


def store(lotus: Salon, all_talks: list[Talk], chance: random.Random) -> None:
    lotus.archive(
        [
            (conversation.id, conversation.started_at, conversation.booking_id, chance.choice(STATUSES))
            for conversation in all_talks
        ],
        [(conversation.id, role, at) for conversation in all_talks for role, at in conversation.lines],
    )


def slowly(all_talks: list[Talk], zone: ZoneInfo, day: date) -> tuple[int, int, Decimal, int]:
    """What the day's numbers are: by looking at each session, and at each message after each message."""
    own = [conversation for conversation in all_talks if conversation.started_at.astimezone(zone).date() == day]
    booked = sum(conversation.booking_id is not None for conversation in own)
    waits = []
    for conversation in own:
        for number, (role, at) in enumerate(conversation.lines):
            later = [answered for who, answered in conversation.lines[number + 1 :] if who == "assistant"]
            if role == "user" and later:
                waits.append((later[0] - at) / timedelta(microseconds=1))
    conversion = Decimal(100 * booked) / Decimal(len(own)) if own else Decimal()
    response = Decimal(sum(map(int, waits))) / len(waits) / 1000 if waits else Decimal()
    return (
        len(own), booked, conversion.quantize(Decimal("0.01"), ROUND_HALF_UP),
        int(response.quantize(Decimal(1), ROUND_HALF_UP)),
    )  # fmt: skip


def computed(lotus: Salon) -> dict[date, tuple[Any, ...]]:
    names = ("dialogs_started", "bookings", "conversion", "avg_response_ms")
    return {row["day"]: tuple(row[name] for name in names) for row in lotus.metrics()}


@pytest.mark.parametrize(("timezone", "day"), CHANGES, ids=str)
async def test_every_day_around_a_change_of_the_clocks_is_what_the_slow_program_says(
    connection: Plain, tick: Tick, timezone: str, day: date
) -> None:
    chance, zone = random.Random(f"{timezone} {day}"), ZoneInfo(timezone)  # noqa: S311
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    tenant, other = salon(connection, timezone=timezone), salon(connection, "Ирис", timezone)
    own, foreign = (list(conversations(chance, noon.astimezone(UTC), count)) for count in (150, 20))
    # And one at each quarter of an hour of the day itself and its neighbours.
    quarters = [noon.astimezone(UTC) + timedelta(minutes=15 * n) for n in range(-200, 200)]
    own += [Talk(uuid4(), moment, None) for moment in quarters]
    store(tenant, own, chance)
    store(other, foreign, chance)

    await tick((noon + timedelta(days=2)).astimezone(UTC))

    days = computed(tenant)
    assert len(days) == (13 if timezone == "Pacific/Apia" else 14)  # it left a date out
    assert days == {each: slowly(own, zone, each) for each in days}
    assert sum(day[0] for day in days.values()) == sum(
        max(days) >= conversation.started_at.astimezone(zone).date() for conversation in own
    )
    others = computed(other)
    assert others == {each: slowly(foreign, zone, each) for each in others}


@pytest.mark.slow
@pytest.mark.parametrize(("timezone", "day"), CHANGES[1:9:2] + CHANGES[9:], ids=str)
async def test_ticks_across_a_change_of_the_clocks_make_one_digest_of_each_local_day(
    connection: Plain, tick: Tick, timezone: str, day: date
) -> None:
    zone = ZoneInfo(timezone)
    salons = {hour: salon(connection, f"№ {hour}", timezone, digest_hour=hour) for hour in DIGEST_HOURS}
    first = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - timedelta(hours=2)
    moments = [first + timedelta(minutes=15 * n) for n in range(4 * 40)]
    for moment in (moment for moment in moments if _matters(moment, zone) or not moment.minute):
        await tick(moment)

    for hour, tenant in salons.items():
        told = [row["dedup_key"][-10:] for row in tenant.digests()]
        mornings = sorted(
            {moment.astimezone(zone).date() for moment in moments if moment.astimezone(zone).hour >= hour}
        )
        assert told == [max(_days(zone, each)).isoformat() for each in mornings]


def _matters(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether within an hour of it a day begins, clocks change or a digest falls due; else a tick an hour will do."""
    hour = timedelta(hours=1)
    before, after = (moment - hour).astimezone(zone), (moment + hour).astimezone(zone)
    is_due = any(before.hour < due <= after.hour for due in DIGEST_HOURS)
    return before.date() != after.date() or before.utcoffset() != after.utcoffset() or is_due


def _days(zone: ZoneInfo, before: date) -> set[date]:
    """The local dates that there were in the two days before `before`."""
    start = datetime(before.year, before.month, before.day, 12, tzinfo=zone).astimezone(UTC)
    found = {(start - timedelta(hours=n)).astimezone(zone).date() for n in range(72)}
    return {each for each in found if each < before}


async def test_the_sessions_time_zone_changes_nothing(connection: Plain, direct_url: str) -> None:
    """Each of three databases' settings gives the same rows and texts. Directly: a pooler keeps a session of before."""
    chance = random.Random(7)  # noqa: S311
    noon = datetime(2026, 11, 19, 7, tzinfo=UTC)
    lotus = salon(connection)
    store(lotus, list(conversations(chance, noon, 120)), chance)
    [name] = rows(connection, "select current_database() as name")
    seen = []
    for timezone in ("UTC", "Pacific/Kiritimati", "America/Los_Angeles"):
        connection.execute(f"alter database {name['name']} set timezone = '{timezone}'".encode())
        connection.execute("truncate dashboard.metrics_dailies, platform.outbox, platform.lanes cascade")
        seen.append((await _once(direct_url), computed(lotus), lotus.digests()[0]["payload"]))

    assert seen[0][0] != seen[1][0] != seen[2][0]
    assert seen[0][1:] == seen[1][1:] == seen[2][1:]


async def _once(url: str) -> str:
    """A tick over a connection of its own; what time zone that had."""
    database = Database(url)
    try:
        async with database.connection() as connection:
            row = await (await connection.execute("select current_setting('timezone') as zone")).fetchone()
            assert row
        await run.run_digests(database, float("inf"), "c" * 32, datetime(2026, 11, 20, 5, tzinfo=UTC))
        return str(row["zone"])
    finally:
        await database.close()


async def test_an_empty_salon_has_zeros(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)

    await tick(datetime(2026, 11, 20, 5, tzinfo=UTC))

    assert set(computed(lotus).values()) == {(0, 0, Decimal(0), 0)}


async def test_a_session_that_was_archived_twice_counts_once(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)
    noon = datetime(2026, 11, 19, 7, tzinfo=UTC)
    session = lotus.session(noon, booking_id="900001")
    lotus.session(noon + timedelta(minutes=1), session_id=session)
    lotus.answered(session, noon, 4)

    await tick(noon + timedelta(days=1))

    assert computed(lotus)[date(2026, 11, 19)] == (1, 1, Decimal(100), 4000)


async def test_an_answer_after_months_fits_into_its_column(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)
    noon = datetime(2026, 11, 19, 7, tzinfo=UTC)
    lotus.answered(lotus.session(noon), noon, 90 * 86400)

    assert (await tick(noon + timedelta(days=1)))["failed"] == 0

    assert computed(lotus)[date(2026, 11, 19)][3] == 2**31 - 1


def test_a_day_begins_when_its_date_does(connection: psycopg.Connection[Any]) -> None:
    """Each day's bounds, in zones that change at midnight, are those that the clock itself shows."""
    for timezone, around in CHANGES:
        zone = ZoneInfo(timezone)
        for day in (around + timedelta(days=n) for n in (-1, 0, 1, 2)):
            [row] = rows(connection, "select dashboard.day_begins(%s, %s) as begins", day, timezone)
            begins = row["begins"].astimezone(UTC)
            assert begins.astimezone(zone).date() >= day
            assert (begins - timedelta(microseconds=1)).astimezone(zone).date() < day
