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
from functions.telegram_webhook.updates.events import Press
from functions.telegram_webhook.updates.parse import parse
from shared.database.pool import Database
from shared.support import outgoing
from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import EVERYBODY, IVAN, OLGA, Case, Managers, toast
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds import support

ROUNDS = 100


@pytest.fixture
def group(connection: psycopg.Connection[DictRow]) -> Managers:
    """A group without a webhook."""
    return Managers(connection, support.desk(connection))


def at_once(managers: Managers, pressed: list[dict[str, Any]]) -> list[str]:
    """The toasts of presses that are delivered at the same moment."""
    barrier = threading.Barrier(len(pressed))

    def press_at_once(update: dict[str, Any]) -> str:
        barrier.wait(300)
        return toast(managers.post(update))

    with ThreadPoolExecutor(len(pressed)) as pool:
        return list(pool.map(press_at_once, pressed))


def test_of_eight_managers_at_once_one_takes_it_and_seven_are_told_who(managers: Managers) -> None:
    case = managers.case()

    toasts = at_once(managers, [managers.press_update(case, "take", by) for by in EVERYBODY])

    name = managers.handover_row(case)["assigned_to_name"]
    assert sorted(toasts) == sorted([f"Вы взяли заявку № {case.number}", *[f"Уже взял(а) {name}"] * 7])
    assert managers.events(case) == ["taken"]
    assert len(managers.edits(case)) == 1


def test_dozens_of_rounds_over_http_have_one_winner_each(managers: Managers) -> None:
    for _ in range(30):
        case = managers.case()
        toasts = at_once(managers, [managers.press_update(case, "take", by) for by in (IVAN, OLGA)])

        assert sum(text.startswith("Вы взяли") for text in toasts) == 1
        assert managers.events(case) == ["taken"]


def test_the_same_press_delivered_eight_times_at_once_counts_once(managers: Managers) -> None:
    case = managers.case()
    update = managers.press_update(case, "take")

    toasts = at_once(managers, [update] * 8)

    assert sorted(toasts) == sorted([f"Вы взяли заявку № {case.number}", *["Вы уже взяли её"] * 7])
    assert managers.events(case) == ["taken"]


async def test_a_hundred_rounds_have_one_winner_each(group: Managers, database: Database) -> None:
    winners = set()
    for number in range(ROUNDS):
        case = group.case()
        people = (IVAN, OLGA) if number % 2 else (OLGA, IVAN)

        toasts = await asyncio.gather(*(pressed(database, group, case, "take", by) for by in people))

        assert sum(text.startswith("Вы взяли") for text in toasts) == 1, toasts
        assert group.events(case) == ["taken"]
        winners.add(group.handover_row(case)["assigned_to_id"])
    assert winners == {IVAN["id"], OLGA["id"]}


async def test_a_press_and_a_timeout_never_both_win(group: Managers, database: Database) -> None:
    ended = set()
    for number in range(ROUNDS):
        case, lead = group.case(), {0: -500, 1: 500}.get(number, number % 20 - 10)  # each of the two wins once
        overdue = """
            update support.handovers set created_at = now() - interval '3 hours', reminder_1_sent_at = now(),
                                         reminder_2_sent_at = now(), remind_at = now() where id = %s
        """
        group.connection.execute(overdue, (case.handover,))

        told, _ = await asyncio.gather(
            pressed(database, group, case, "take", IVAN, after_ms=-lead), closed(database, after_ms=lead)
        )
        handover_row, events = group.handover_row(case), group.events(case)
        how = (handover_row["status"], events, handover_row["bot_status"], handover_row["assigned_to_name"], told)
        assert how in (
            ("active", ["taken"], "muted", "Иван", f"Вы взяли заявку № {case.number}"),
            ("timeout", ["timeout"], "active", None, "Закрыта: никто не взял вовремя"),
        )
        assert [bool(edit["reply_markup"]["inline_keyboard"]) for edit in group.edits(case)][-1] is (
            handover_row["status"] == "active"
        )
        ended.add(handover_row["status"])
    assert ended == {"active", "timeout"}


async def pressed(
    database: Database, group: Managers, case: Case, move: str, by: dict[str, Any], after_ms: int = 0
) -> str:
    """The function's transaction, without its webhook."""
    await asyncio.sleep(after_ms / 1000)
    event = parse(group.press_update(case, move, by))
    assert isinstance(event, Press)
    async with database.transaction() as connection:
        effect = await press(connection, group.desk.telegram_bot, event)
        await outgoing.enqueue_linked(connection, effect.linked_messages)
    assert isinstance(effect.toast, str)
    return effect.toast


async def closed(database: Database, after_ms: int) -> None:
    """The sweep, which closes what nobody took."""
    await asyncio.sleep(after_ms / 1000)
    await run.run(database, 5, "c" * 32)


def test_an_unavailable_database_is_answered_503(managers: Managers, printed: Any) -> None:
    away = "postgresql://nobody@127.0.0.1:9/nothing"
    with serve_in_thread("telegram_webhook", printed, DATABASE_URL=away, SECRETS_KEY=arrange.SECRETS_KEY) as served:
        answer = Managers(managers.connection, managers.desk, served.url).post(
            managers.press_update(managers.case(), "take")
        )

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "method" not in answer.json()


def test_a_connection_that_breaks_in_the_middle_leaves_nothing_and_the_repeat_counts(managers: Managers) -> None:
    case = managers.case()
    update = managers.press_update(case, "take")
    waiting = """
        with fresh as materialized (select pg_stat_clear_snapshot())
        select pid from fresh cross join lateral (select * from pg_stat_activity offset 0) a
        where wait_event_type = 'Lock' and datname = current_database()
    """
    with ThreadPoolExecutor(1) as pool:
        with managers.connection.transaction():
            lock = "select id from support.conversations where id = %s for update"
            managers.connection.execute(lock, (case.conversation,))
            answering = pool.submit(managers.post, update)
            while not (found := rows(managers.connection, waiting)):
                assert not answering.done()
                time.sleep(0.02)
            managers.connection.execute("select pg_terminate_backend(%s)", (found[0]["pid"],))
            answer: httpx.Response = answering.result(120)
        assert answer.status_code == 503
    assert (managers.handover_row(case)["status"], managers.edits(case)) == ("pending", [])
    seen = "select update_id from platform.updates where update_id = %s"
    assert rows(managers.connection, seen, update["update_id"]) == []

    assert toast(managers.post(update)) == f"Вы взяли заявку № {case.number}"
