"""A dispatcher that dies, at each point where it matters: nothing is lost, every possible duplicate is flagged."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, Dispatcher, School
from tests.helpers import arrange, canaries
from tests.helpers.serving import ServedProcess, serve

pytestmark = pytest.mark.slow


async def until(condition: Any, seconds: float = 10.0) -> None:
    """Wait for `condition()`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.02)


async def tick_and_die(served: ServedProcess, condition: Any) -> None:
    """Call the function; once `condition()` holds, SIGKILL it and all its workers."""

    async def tick() -> None:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            await client.post(served.url, headers={"x-cron-secret": canaries.CRON_SECRET})

    call = asyncio.create_task(tick())
    await until(condition)
    os.killpg(served.process.pid, signal.SIGKILL)
    with pytest.raises(httpx.HTTPError):
        await call


@pytest.fixture
def settings(database_url: str, telegram: SandboxServer) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "TELEGRAM_API_URL": telegram.url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
    }


async def test_killed_after_telegram_took_it_and_before_it_was_noted_costs_one_flagged_copy(
    school: School, telegram: SandboxServer, settings: dict[str, str], printed: Path
) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=1, hang=True)
    school.answer("1")
    calls = telegram.telegram.journal
    with serve("dispatch_notifications", printed, **settings) as served:
        await tick_and_die(served, lambda: calls.find(method="sendMessage", chat_id=MENTOR_CHAT))
    [row] = school.connection.execute("select state from platform.outbox").fetchall()
    assert row["state"] == "sending"
    school.connection.execute("update platform.lanes set leased_until = '-infinity'")  # a minute later

    with serve("dispatch_notifications", printed, **settings) as served:
        await Dispatcher(served.url, served.output).tick()

    assert len(calls.find(method="sendMessage", chat_id=MENTOR_CHAT)) == 2
    [row] = school.connection.execute("select state, maybe_duplicate from platform.outbox").fetchall()
    assert row == {"state": "sent", "maybe_duplicate": True}


async def test_killed_before_the_first_byte_costs_no_copy(
    school: School, telegram: SandboxServer, settings: dict[str, str], direct_url: str, printed: Path
) -> None:
    school.answer("1")
    with psycopg.connect(direct_url) as lock, serve("dispatch_notifications", printed, **settings) as served:
        lock.execute("select from platform.bot_limits for update")
        await tick_and_die(served, lambda: waiting(school.connection))
    assert telegram.telegram.journal.find(method="sendMessage") == []
    # Postgres ends the statement of a client that is gone, so the message may be marked as being sent: a false alarm.
    await until(lambda: not waiting(school.connection))
    school.connection.execute("update platform.lanes set leased_until = '-infinity'")  # a minute later

    with serve("dispatch_notifications", printed, **settings) as served:
        await Dispatcher(served.url, served.output).tick()

    assert len(telegram.telegram.journal.find(method="sendMessage", chat_id=MENTOR_CHAT)) == 1
    assert school.connection.execute("select state from platform.outbox").fetchall() == [{"state": "sent"}]


async def test_killed_between_telegrams_answer_and_the_note_of_it_is_flagged_too(
    school: School, telegram: SandboxServer, settings: dict[str, str], direct_url: str, printed: Path
) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=1, delay_s=0.5)
    school.answer("1")
    with psycopg.connect(direct_url) as lock, serve("dispatch_notifications", printed, **settings) as served:

        def answered_but_not_noted() -> bool:
            if telegram.telegram.journal.find(method="sendMessage"):
                lock.execute("select from platform.lanes for update")
            return waiting(school.connection)

        await tick_and_die(served, answered_but_not_noted)
    school.connection.execute("update platform.lanes set leased_until = '-infinity'")

    with serve("dispatch_notifications", printed, **settings) as served:
        await Dispatcher(served.url, served.output).tick()

    assert len(telegram.telegram.journal.find(method="sendMessage", chat_id=MENTOR_CHAT)) == 2
    [row] = school.connection.execute("select state, maybe_duplicate from platform.outbox").fetchall()
    assert row == {"state": "sent", "maybe_duplicate": True}


def waiting(connection: psycopg.Connection[DictRow]) -> bool:
    """Whether a session of this database waits for a row."""
    query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return connection.execute(query).rowcount > 0
