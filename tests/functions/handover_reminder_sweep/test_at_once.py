"""Several who want the same handover: sweeps, managers, the end of the process."""

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from functions.handover_reminder_sweep import due
from infra.sandbox.server import running
from shared.database.pool import Database
from shared.support import conversations, updates
from shared.support.actor import Actor
from shared.support.state_machine import Transition
from tests.conftest import rows
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import Request, Waiting
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve
from tests.helpers.waiting import until

HEADERS = {"x-cron-secret": canaries.CRON_SECRET}
ROUNDS = 100
LINGER = """
    create function platform.linger() returns trigger language plpgsql as $$
    begin
        perform pg_sleep(20);
        return new;
    end $$;
    create trigger linger before insert on platform.outbox for each row execute function platform.linger()
"""
SLEEPING = "select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"


async def call(url: str, **query: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        answer = await client.post(url, params=query, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY}


async def press(database: Database, request: Request, move: Transition) -> bool:
    """What a manager's button does to the rows; whether there was such a move."""
    async with database.transaction() as connection:
        [talk] = await conversations.lock(connection, [request.conversation])
        change = updates.from_transition(talk, move, Actor("Вера", 7_000_001))
        await updates.write(connection, [change] if change else [])
        return change is not None


@pytest.mark.slow
async def test_two_sweeps_of_two_hundred_requests_hand_each_reminder_over_once(
    waiting: Waiting, environment: dict[str, str], printed: Path
) -> None:
    for _ in range(200):
        waiting.request(minutes=31)
    with (
        serve("handover_reminder_sweep", printed, **environment) as first,
        serve("handover_reminder_sweep", printed, **environment) as other,
    ):
        reports = await asyncio.gather(call(first.url), call(other.url))

    assert sum(report["reminders"] for report in reports) == 200
    assert len({row["dedup_key"] for row in waiting.outgoing("support/reminder")}) == 200
    assert Counter(row["event"] for row in rows(waiting.connection, "select event from support.handover_events")) == {
        "reminder_1": 200
    }


async def test_sweeps_that_share_the_work_in_small_batches_do_nothing_twice(
    waiting: Waiting, database: Database
) -> None:
    for _ in range(60):
        waiting.request(minutes=31)

    async def sweep() -> Counter[str]:
        done: Counter[str] = Counter()
        while (settled := await due.batch(database, "c", batch_rows=4)) is not None:
            done += settled
        return done

    shares = await asyncio.gather(*(sweep() for _ in range(4)))

    assert sum(share["reminders"] for share in shares) == 60
    assert rows(waiting.connection, "select from support.handover_events") == [{}] * 60
    assert len(waiting.outgoing("support/reminder")) == 60


@pytest.mark.slow
async def test_killed_between_the_mark_and_the_message_neither_is_there_and_the_next_run_makes_both(
    waiting: Waiting, environment: dict[str, str], printed: Path, tick: Tick
) -> None:
    request = waiting.request(minutes=31)
    waiting.connection.execute(LINGER)
    with serve("handover_reminder_sweep", printed, **environment) as served:
        asked = asyncio.create_task(call(served.url))
        await until(lambda: rows(waiting.connection, SLEEPING))
        os.killpg(served.process.pid, signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            await asked
    [backend] = rows(waiting.connection, SLEEPING)
    waiting.connection.execute("select pg_terminate_backend(%s, 5000)", (backend["pid"],))  # its machine is gone
    waiting.connection.execute("drop trigger linger on platform.outbox")
    assert waiting.row(request)["reminder_1_sent_at"] is None
    assert (waiting.events(request), waiting.outgoing("support/reminder")) == ([], [])

    assert (await tick())["reminders"] == 1

    assert waiting.events(request) == ["reminder_1"]
    assert len(waiting.outgoing("support/reminder")) == 1


async def test_what_a_manager_takes_at_this_moment_is_passed_over_and_never_reminded_of(
    waiting: Waiting, tick: Tick, direct_url: str
) -> None:
    taken, other = waiting.request(minutes=31), waiting.request(minutes=31)
    with psycopg.connect(direct_url) as manager:
        manager.execute("select from support.conversations where id = %s for update", (taken.conversation,))
        report = await asyncio.wait_for(tick(), 60)
        manager.execute(
            "update support.handovers set status = 'active', assigned_to_name = 'Вера', remind_at = null"
            " where id = %s", (taken.id,),
        )  # fmt: skip

    assert (report["reminders"], report["remaining"]) == (1, 1)
    assert (await tick())["done"] == 0
    assert (waiting.events(taken), waiting.events(other)) == ([], ["reminder_1"])


@pytest.mark.slow
async def test_a_reminder_of_what_was_taken_before_it_left_is_cancelled(
    waiting: Waiting, tick: Tick, database: Database, environment: dict[str, str], printed: Path
) -> None:
    waiting.connection.execute("update platform.bots set rate_per_second = 1000, private_pace = '0', group_pace = '0'")
    taken, free = waiting.request(minutes=31), waiting.request(minutes=31)
    assert (await tick())["reminders"] == 2
    assert await press(database, taken, "take")

    async with running() as sandbox:
        with serve("dispatch_notifications", printed, **environment, TELEGRAM_API_URL=sandbox.url) as dispatcher:
            await call(dispatcher.url, seconds=10)

    states = {row["guard"]["handover_id"]: row["state"] for row in waiting.outgoing("support/reminder")}
    assert states == {str(taken.id): "cancelled", str(free.id): "sent"}
    assert waiting.row(taken)["reminder_1_sent_at"] is None
    assert waiting.row(free)["reminder_1_sent_at"] is not None


@pytest.mark.slow
async def test_a_press_and_the_sweep_at_once_end_in_one_of_the_two_and_never_in_a_mixture(
    waiting: Waiting, database: Database
) -> None:
    ends: Counter[str] = Counter()
    for number in range(ROUNDS):
        request = waiting.request(minutes=121)
        together = asyncio.Barrier(2)

        async def sweep(
            together: asyncio.Barrier = together, later: float = 0.5 if number == 0 else number // 10 % 2 * 0.008
        ) -> int:
            await together.wait()
            await asyncio.sleep(later)
            return (await due.batch(database, "c") or Counter())["closed"]

        async def manager(
            request: Request = request,
            together: asyncio.Barrier = together,
            later: float = 0.5 if number == 1 else number % 10 / 1000,
        ) -> tuple[bool, bool]:
            await together.wait()
            await asyncio.sleep(later)
            return await press(database, request, "take"), await press(database, request, "resolve")

        closed, (took, resolved) = await asyncio.gather(sweep(), manager())
        row = waiting.row(request)
        [conversation] = rows(
            waiting.connection, "select bot_status, bot_muted_until from support.conversations where id = %s",
            request.conversation,
        )  # fmt: skip
        assert (row["remind_at"], conversation) == (None, {"bot_status": "active", "bot_muted_until": None})
        assert (row["status"], waiting.events(request), closed, took, resolved) in (
            ("resolved", ["taken", "resolved"], 0, True, True),
            ("timeout", ["timeout"], 1, False, False),
        )
        assert (row["assigned_to_name"] is None) == (row["status"] == "timeout")
        sorry = [message for message in waiting.outgoing("support/bot-reply") if message["recipient"] == request.jid]
        assert len(sorry) == closed
        ends[row["status"]] += 1
    assert set(ends) == {"resolved", "timeout"}, "one of the two always won"
