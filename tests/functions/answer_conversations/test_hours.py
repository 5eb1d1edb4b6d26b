"""When people are there: what the client hears of it, and what the reminder counts by."""

import json
from datetime import datetime

import pytest

from functions.answer_conversations import texts
from shared.support.working_time import DAYS
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support


async def test_the_reminder_is_set_in_the_clients_minutes(world: World) -> None:
    world.connection.execute("update support.client_settings set reminder_timeout_1 = 7")
    world.wrote("Позовите менеджера")

    await world.tick()

    [handover] = world.handovers()
    assert (handover["remind_at"] - handover["created_at"]).total_seconds() == 7 * 60


async def test_out_of_hours_the_client_hears_when_people_are_there(world: World) -> None:
    always = json.dumps(dict.fromkeys(DAYS, (("09:00", "18:00"),)))
    world.connection.execute(
        "update support.client_settings set working_hours = %s::jsonb, holidays = array["
        " (now() at time zone timezone)::date, (now() at time zone timezone)::date + 1]",
        (always,),
    )
    world.wrote("Позовите менеджера")

    await world.tick()

    [opens] = rows(world.connection, "select (now() at time zone 'Asia/Almaty')::date + 2 as day")
    assert world.sent() == [texts.HANDOVER_OPENED_AFTER_HOURS.ru.format(when=f"{opens['day']:%d.%m} после 09:00")]


async def test_nonsense_in_the_hours_keeps_nobody_from_being_called(world: World) -> None:
    world.connection.execute("""update support.client_settings set working_hours = '{"mon": "утром"}'""")
    world.wrote("Позовите менеджера")

    await world.tick()

    assert world.handovers()[0]["remind_at"] is not None


@pytest.mark.parametrize(
    ("now", "when"),
    [
        ("2026-11-20T08:00+05:00", "сегодня после 09:00"),
        ("2026-11-19T20:00+05:00", "завтра после 09:00"),
        ("2026-11-20T20:00+05:00", "23.11 после 09:00"),
    ],
)
def test_when_is_told_as_people_say_it(now: str, when: str) -> None:
    assert texts.handover_opened(
        support.WEEKDAYS, datetime.fromisoformat(now), "ru"
    ) == texts.HANDOVER_OPENED_AFTER_HOURS.ru.format(when=when)


def test_during_hours_nothing_is_said_about_them() -> None:
    assert (
        texts.handover_opened(support.WEEKDAYS, datetime.fromisoformat("2026-11-20T12:00+05:00"), "ru")
        == texts.HANDOVER_OPENED.ru
    )


@pytest.mark.parametrize(
    ("now", "when"),
    [
        ("2026-11-20T08:00+05:00", "today after 09:00"),
        ("2026-11-19T20:00+05:00", "tomorrow after 09:00"),
        ("2026-11-20T20:00+05:00", "on 23 Nov after 09:00"),
    ],
)
def test_when_is_told_in_english_too(now: str, when: str) -> None:
    assert texts.handover_opened(support.WEEKDAYS, datetime.fromisoformat(now), "en") == (
        f"I have passed your question to a manager. We are closed right now and will reply {when}."
    )
