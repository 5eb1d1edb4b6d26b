"""Minutes are the client's working minutes; the clock is moved by the request's own instants."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.support.working_time import DAYS
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import Request, Waiting

ALL_DAY = [["00:00", "24:00"]]


def now() -> datetime:
    return datetime.now(UTC)


def came_at(waiting: Waiting, request: Request, moment: datetime) -> None:
    waiting.connection.execute(
        "update support.handovers set created_at = %s where id = %s", (moment, request.id)
    )  # fmt: skip


def weekend_until(today: datetime) -> dict[str, Any]:
    """A week whose two days off were yesterday and the day before."""
    days = [today - timedelta(days=3), today, today + timedelta(days=1)]
    return {DAYS[day.weekday()]: ALL_DAY for day in days}


@pytest.fixture
def across(waiting: Waiting) -> tuple[Request, datetime]:
    """A request that came 20 minutes before a weekend that ended last midnight; and that midnight."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    waiting.settings(timezone="UTC", working_hours=weekend_until(midnight))
    request = waiting.request(minutes=0)
    came_at(waiting, request, midnight - timedelta(days=2, minutes=20))
    return request, midnight


async def test_a_weekend_does_not_count(waiting: Waiting, tick: Tick, across: tuple[Request, datetime]) -> None:
    request, midnight = across
    worked = 20 + (now() - midnight) / timedelta(minutes=1)
    waiting.settings(auto_close_timeout=10080)
    waiting.settings(reminder_timeout_2=int(worked) + 500)
    waiting.settings(reminder_timeout_1=int(worked) + 100)

    assert (await tick())["done"] == 0

    assert waiting.row(request)["remind_at"] == midnight + timedelta(minutes=int(worked) + 80)


async def test_working_minutes_are_what_a_reminder_tells(
    waiting: Waiting, tick: Tick, across: tuple[Request, datetime]
) -> None:
    request, midnight = across
    waiting.settings(auto_close_timeout=10080)
    waiting.settings(reminder_timeout_2=10079)
    waiting.settings(reminder_timeout_1=20)
    before = 20 + (now() - midnight) / timedelta(minutes=1)

    assert (await tick())["reminders"] == 1

    after = 20 + (now() - midnight) / timedelta(minutes=1)
    [text] = waiting.texts()
    assert f"№ {request.number} ждёт " in text
    assert int(text.split("ждёт ")[1].split(" мин")[0]) in (round(before), round(after))


def zone_where_it_is(hour: int) -> str:
    """A zone in which it is so late; the signs of Etc are the other way round."""
    ahead = (hour - now().hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


async def test_the_same_hours_are_open_in_one_zone_and_closed_in_another(waiting: Waiting, tick: Tick) -> None:
    week = {day: [["09:00", "18:00"]] for day in DAYS}
    request = waiting.request(minutes=100)
    asleep = zone_where_it_is(1)
    waiting.settings(working_hours=week, timezone=asleep)

    assert (await tick())["done"] == 0
    assert 7 * 60 + 30 <= waiting.row(request)["looks_in"] <= 8 * 60 + 30
    assert waiting.row(request)["remind_at"].astimezone(ZoneInfo(asleep)).strftime("%H:%M") == "09:30"

    waiting.settings(timezone=zone_where_it_is(12))
    waiting.connection.execute("update support.handovers set remind_at = now()")
    assert (await tick())["reminders"] == 1
    assert waiting.texts() == [f"🔥 Заявка № {request.number} ждёт уже 100 мин. Клиент без ответа."]


async def test_a_holiday_is_no_working_time(waiting: Waiting, tick: Tick) -> None:
    days = [(now() + timedelta(days=shift)).date() for shift in (-1, 0, 1)]
    waiting.settings(timezone="UTC", working_hours=dict.fromkeys(DAYS, ALL_DAY), holidays=days)
    request = waiting.request(minutes=300)

    assert (await tick())["done"] == 0

    assert waiting.row(request)["remind_at"].astimezone(UTC).strftime("%H:%M") == "00:30"
    assert waiting.row(request)["remind_at"].astimezone(UTC).date() == days[-1] + timedelta(days=1)
