"""Healing sessions: nobody is signed up beyond the places, and whoever waits gets the next one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.healing import healing
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody


def test_whoever_signs_up_sees_it_and_may_leave(school: School) -> None:
    of, anna = healing(school, 3, note="Взять <коврик>"), school.participant()

    school.press(anna, f"courses:healing:open:s{of.id}")
    assert "Взять &lt;коврик&gt;" in school.shown(anna)
    assert "Свободно: 3 места" in school.shown(anna)
    assert school.press(anna, school.buttons(anna)["✅ Записаться"]) == "Вы записаны"
    assert "Свободно: 2 места" in school.shown(anna)
    school.press(anna, "courses:healing:open:0")
    assert any(text.startswith("✅") and text.endswith("2 места") for text in school.buttons(anna))
    school.press(anna, f"courses:healing:open:s{of.id}")
    assert school.press(anna, school.buttons(anna)["❌ Отменить запись"]) == "Запись снята"

    assert of.states(anna) == ["cancelled"]


def test_who_comes_too_late_waits_in_the_order_of_coming(school: School) -> None:
    of, people = healing(school, 1), [school.participant() for _ in range(3)]

    toasts = [of.press(somebody, "sign") for somebody in people]

    assert toasts == ["Вы записаны", "Мест нет, вы в очереди", "Мест нет, вы в очереди"]
    assert of.states(*people) == ["signed", "waiting", "waiting"]
    assert "Вы в очереди, перед вами: 1" in school.shown(people[2])
    assert "Свободных мест нет" in school.shown(people[2])


def test_a_place_that_becomes_free_is_offered_to_the_first_and_then_to_the_next(school: School) -> None:
    of, (anna, boris, vera) = healing(school, 1), [school.participant() for _ in range(3)]
    for somebody in (anna, boris, vera):
        of.press(somebody, "sign")

    of.press(anna, "leave")
    assert of.states(anna, boris, vera) == ["cancelled", "offered", "waiting"]
    offer = of.offer(boris)
    assert offer
    assert "Освободилось место" in offer["payload"]["text"]
    [row] = offer["payload"]["reply_markup"]["inline_keyboard"]

    school.press(boris, row[1]["callback_data"], message=900)
    assert of.states(anna, boris, vera) == ["cancelled", "cancelled", "offered"]
    school.press(vera, row[0]["callback_data"], message=900)
    assert of.states(anna, boris, vera) == ["cancelled", "cancelled", "signed"]
    assert "Вы записаны" in school.shown(vera)
    assert school.messages(vera)[-1]["payload"]["message_id"] == 900


def test_an_offer_that_is_over_is_the_next_ones(school: School) -> None:
    of, (anna, boris, vera) = healing(school, 1), [school.participant() for _ in range(3)]
    for somebody in (anna, boris, vera):
        of.press(somebody, "sign")
    of.press(anna, "leave")
    of.end_offer(boris)

    assert "предложили другому" in of.press(boris, "accept")
    assert "Время ответа вышло" in school.shown(boris)
    assert of.states(boris, vera) == ["expired", "offered"]
    of.press(boris, "sign")

    assert of.states(boris, vera) == ["waiting", "offered"]


def test_nobody_overtakes_those_who_wait(school: School) -> None:
    of, (anna, boris, vera) = healing(school, 1), [school.participant() for _ in range(3)]
    of.press(anna, "sign")
    of.press(boris, "sign")
    school.connection.execute("update courses.healing_sessions set capacity = 2 where id = %s", (of.id,))

    assert of.press(vera, "sign") == "Мест нет, вы в очереди"

    assert of.states(anna, boris, vera) == ["signed", "offered", "waiting"]
    assert of.offer(boris)


def test_signing_up_twice_changes_nothing(school: School) -> None:
    of, (anna, boris) = healing(school, 1), [school.participant() for _ in range(2)]
    for somebody in (anna, boris, anna, boris):
        of.press(somebody, "sign")

    assert of.states(anna, boris) == ["signed", "waiting"]
    assert [of.press(boris, "accept"), of.states(boris)] == ["Это место уже предложили другому", ["waiting"]]


def test_many_who_press_at_once_are_never_more_than_the_places(school: School) -> None:
    of, people = healing(school, 4), [school.participant() for _ in range(12)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda somebody: of.press(somebody, "sign"), people))
        assert sorted(map(str, of.states(*people))) == ["signed"] * 4 + ["waiting"] * 8
        list(pool.map(lambda somebody: of.press(somebody, "leave"), people[:6]))
        list(pool.map(lambda somebody: of.press(somebody, "accept"), people))

    states = of.states(*people)
    assert sum(state in ("signed", "offered") for state in states) == 4
    assert states[:6] == ["cancelled"] * 6


def test_the_database_takes_nobody_beyond_the_places(school: School, module_direct_url: str) -> None:
    of, people = healing(school, 2), [school.participant() for _ in range(8)]

    def insert(somebody: Somebody) -> bool:
        with psycopg.connect(module_direct_url) as connection:
            try:
                connection.execute(
                    """insert into courses.healing_signups (healing_session_id, user_id, state)
                       values (%s, %s, 'signed')""",
                    (of.id, somebody.user),
                )
            except psycopg.errors.CheckViolation:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(insert, people))

    assert (taken.count(True), of.states(*people).count("signed")) == (2, 2)


@pytest.mark.parametrize(
    "columns",
    [{"days": -1}, {"days": 0, "time_start": "00:01"}, {"cancelled_at": datetime.now(UTC)}],
    ids=["past", "begun", "off"],
)
def test_nobody_signs_up_for_what_is_over_or_cancelled(school: School, columns: dict[str, Any]) -> None:
    of, anna = healing(school, **columns), school.participant()

    of.press(anna, "sign")

    assert of.states(anna) == [None]
    assert "✅ Записаться" not in school.buttons(anna)


def test_who_was_there_is_not_signed_off_by_an_old_button(school: School) -> None:
    of, anna = healing(school), school.participant()
    of.press(anna, "sign")
    school.connection.execute(
        "update courses.healing_sessions set date = %s, time_start = '00:01' where id = %s", (TODAY, of.id)
    )

    of.press(anna, "leave")

    assert of.states(anna) == ["signed"]


@pytest.mark.parametrize("data", ["sign:x", "sign:", "sign:999999999", "fly:1", "accept:1.2", "leave:-1"])
def test_a_forged_press_signs_nobody_up(school: School, data: str) -> None:
    anna = school.participant()

    school.press(anna, f"courses:healing:{data}")

    assert rows(school.connection, "select from courses.healing_signups where user_id = %s", anna.user) == []
