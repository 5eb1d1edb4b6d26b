"""Presses at the same instant: of several managers, and of one and the clock."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from functions.handover_reminder_sweep import run
from functions.telegram_webhook.support.press import press
from functions.telegram_webhook.updates import parse
from shared.database.pool import Database
from shared.support import outgoing
from tests.conftest import rows
from tests.functions.telegram_webhook.managers import EVERYBODY, IVAN, OLGA, Case, Managers, toast
from tests.helpers import arrange, desk
from tests.helpers.serving import serve

ROUNDS = 200


@pytest.fixture
def group(connection: psycopg.Connection[DictRow]) -> Managers:
    """A group without a door."""
    return Managers(connection, desk.desk(connection))


def at_once(managers: Managers, pressed: list[dict[str, Any]]) -> list[str]:
    """What each is told who presses when the barrier falls."""
    barrier = threading.Barrier(len(pressed))

    def one(update: dict[str, Any]) -> str:
        barrier.wait(10)
        return toast(managers.bring(update))

    with ThreadPoolExecutor(len(pressed)) as pool:
        return list(pool.map(one, pressed))


def test_t2_of_eight_managers_at_once_one_has_it_and_seven_hear_who(managers: Managers) -> None:
    case = managers.case()

    told = at_once(managers, [managers.pressing(case, "take", by) for by in EVERYBODY])

    name = managers.stands(case)["assigned_to_name"]
    assert sorted(told) == sorted([f"Вы взяли заявку № {case.number}", *[f"Уже взял(а) {name}"] * 7])
    assert managers.events(case) == ["taken"]
    assert len(managers.edits(case)) == 1


def test_t2_dozens_of_rounds_through_the_door(managers: Managers) -> None:
    for _ in range(30):
        case = managers.case()
        told = at_once(managers, [managers.pressing(case, "take", by) for by in (IVAN, OLGA)])

        assert sum(one.startswith("Вы взяли") for one in told) == 1
        assert managers.events(case) == ["taken"]


def test_t1_the_same_press_brought_eight_times_at_once_counts_once(managers: Managers) -> None:
    case = managers.case()
    update = managers.pressing(case, "take")

    told = at_once(managers, [update] * 8)

    assert sorted(told) == sorted([f"Вы взяли заявку № {case.number}", *["Вы уже взяли её"] * 7])
    assert managers.events(case) == ["taken"]


async def test_t2_two_hundred_rounds_have_one_winner_each(group: Managers, database: Database) -> None:
    winners = set()
    for number in range(ROUNDS):
        case = group.case()
        people = (IVAN, OLGA) if number % 2 else (OLGA, IVAN)

        told = await asyncio.gather(*(pressed(database, group, case, "take", by) for by in people))

        assert sum(one.startswith("Вы взяли") for one in told) == 1, told
        assert group.events(case) == ["taken"]
        winners.add(group.stands(case)["assigned_to_id"])
    assert winners == {IVAN["id"], OLGA["id"]}


async def test_t5_a_press_and_the_clock_never_both_win(group: Managers, database: Database) -> None:
    ended = set()
    for number in range(ROUNDS):
        case, lead = group.case(), number % 20 - 10
        overdue = """
            update support.handovers set created_at = now() - interval '3 hours', reminder_1_sent_at = now(),
                                         reminder_2_sent_at = now(), remind_at = now() where id = %s
        """
        group.connection.execute(overdue, (case.handover,))

        told, _ = await asyncio.gather(
            pressed(database, group, case, "take", IVAN, after_ms=-lead), closed(database, after_ms=lead)
        )
        stands, events = group.stands(case), group.events(case)
        how = (stands["status"], events, stands["bot_status"], stands["assigned_to_name"], told)
        assert how in (
            ("active", ["taken"], "muted", "Иван", f"Вы взяли заявку № {case.number}"),
            ("timeout", ["timeout"], "active", None, "Закрыта: никто не взял вовремя"),
        )
        assert [bool(edit["reply_markup"]["inline_keyboard"]) for edit in group.edits(case)][-1] is (
            stands["status"] == "active"
        )
        ended.add(stands["status"])
    assert ended == {"active", "timeout"}


async def pressed(
    database: Database, group: Managers, case: Case, move: str, by: dict[str, Any], after_ms: int = 0
) -> str:
    """The function's transaction, without its door."""
    await asyncio.sleep(after_ms / 1000)
    event = parse.parse(group.pressing(case, move, by))
    assert isinstance(event, parse.Press)
    async with database.transaction() as connection:
        effect = await press(connection, group.desk.telegram_bot, event)
        await outgoing.enqueue_linked(connection, effect.linked_messages)
    assert isinstance(effect.toast, str)
    return effect.toast


async def closed(database: Database, after_ms: int) -> None:
    """The sweep, which closes what nobody took."""
    await asyncio.sleep(after_ms / 1000)
    await run.run(database, 5, "c" * 32)


def test_t22_a_database_that_is_away_is_answered_503(managers: Managers, printed: Any) -> None:
    away = "postgresql://nobody@127.0.0.1:9/nothing"
    with serve("telegram_webhook", printed, DATABASE_URL=away, SECRETS_KEY=arrange.SECRETS_KEY) as served:
        answer = Managers(managers.connection, managers.desk, served.url).bring(
            managers.pressing(managers.case(), "take")
        )

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "method" not in answer.json()


def test_t22_a_connection_that_breaks_in_the_middle_leaves_nothing_and_the_repeat_counts(managers: Managers) -> None:
    case = managers.case()
    update = managers.pressing(case, "take")
    waiting = """
        select pid from pg_stat_activity, pg_stat_clear_snapshot()
        where wait_event_type = 'Lock' and datname = current_database()
    """
    with ThreadPoolExecutor(1) as pool:
        with managers.connection.transaction():
            lock = "select id from support.conversations where id = %s for update"
            managers.connection.execute(lock, (case.conversation,))
            answering = pool.submit(managers.bring, update)
            while not (found := rows(managers.connection, waiting)):
                assert not answering.done()
                time.sleep(0.02)
            managers.connection.execute("select pg_terminate_backend(%s)", (found[0]["pid"],))
            answer: httpx.Response = answering.result(20)
        assert answer.status_code == 503
    assert (managers.stands(case)["status"], managers.edits(case)) == ("pending", [])
    seen = "select update_id from platform.updates where update_id = %s"
    assert rows(managers.connection, seen, update["update_id"]) == []

    assert toast(managers.bring(update)) == f"Вы взяли заявку № {case.number}"
