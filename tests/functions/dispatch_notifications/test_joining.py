"""Pokes that meet a run, and runs for one bot."""

import asyncio

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    OTHER_CHAT,
    arrived,
    asked,
    hand_over,
    message,
    patient_bot,
    states,
    until,
)

OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


def waits_for_a_lock(connection: Plain) -> bool:
    query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return connection.execute(query).rowcount > 0


async def test_a_run_for_one_bot_sends_nothing_of_another(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    other = patient_bot(connection, name="other", token=OTHER_TOKEN)
    for number in range(3):
        await hand_over(database, message(bot, f"one {number}"), message(other, f"two {number}", OTHER_CHAT))

    await dispatcher.tick(bot=other)

    assert arrived(telegram, OTHER_CHAT) == ["two 0", "two 1", "two 2"]
    assert asked(telegram, chat=CHAT) == 0


async def test_a_run_for_one_bot_keeps_no_other_waiting(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    other = patient_bot(connection, name="other", token=OTHER_TOKEN)
    telegram.telegram.faults.add(method="sendMessage", chat_id=CHAT, delay_s=3)
    await hand_over(database, message(bot, "slow"), message(other, "two", OTHER_CHAT))
    run = asyncio.create_task(dispatcher.tick(bot=bot))
    await until(lambda: asked(telegram) == 1)

    assert "joined" not in await dispatcher.tick(bot=other, seconds=2)

    assert arrived(telegram, OTHER_CHAT) == ["two"]
    assert not run.done()
    await run


async def test_a_poke_joins_the_run_that_is_under_way_and_is_not_lost(
    bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", chat_id=CHAT, delay_s=3)
    await hand_over(database, message(bot, "slow"))
    run = asyncio.create_task(dispatcher.tick())
    await until(lambda: asked(telegram) == 1)

    await hand_over(database, message(bot, "quick", OTHER_CHAT))
    assert await dispatcher.tick() == {"joined": True}

    assert await until(lambda: arrived(telegram, OTHER_CHAT)) < 0.7
    assert (await run)["sent"] == 2


async def test_a_poke_that_meets_a_run_in_its_last_moments_is_not_lost(
    connection: Plain, direct_url: str, database_url: str, bot: int, database: Database, telegram: SandboxServer,
    dispatcher: Dispatcher,
) -> None:  # fmt: skip
    """It has looked for the last time, and is writing down what it did."""
    if database_url != direct_url:
        pytest.skip("with one connection for all, the next run waits for it, too")
    await hand_over(database, message(bot, "first"))
    with psycopg.connect(direct_url) as lock:
        lock.execute("lock table platform.job_runs in share row exclusive mode")
        run = asyncio.create_task(dispatcher.tick())
        await until(lambda: waits_for_a_lock(connection))
        await hand_over(database, message(bot, "second"))
        poke = asyncio.create_task(dispatcher.tick())
        await until(lambda: arrived(telegram) == ["first", "second"])

    assert ["joined" in answer for answer in await asyncio.gather(run, poke)] == [False, False]


async def test_pokes_at_any_moment_leave_nothing_behind(
    connection: Plain, bot: int, database: Database, dispatcher: Dispatcher
) -> None:
    for number in range(15):
        first, second = f"first {number}", f"second {number}"
        await hand_over(database, message(bot, first))
        run = asyncio.create_task(dispatcher.tick())
        await asyncio.sleep(0.02 * number)
        await hand_over(database, message(bot, second))
        await dispatcher.tick()
        await run
        assert states(connection, first, second) == ["sent", "sent"], "without any further tick"


async def test_a_poke_that_meets_a_run_whose_time_is_up_starts_one_of_its_own(
    bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", chat_id=CHAT, delay_s=3)
    await hand_over(database, message(bot, "slow"))
    run = asyncio.create_task(dispatcher.tick(seconds=0.5))
    await asyncio.sleep(1)

    await hand_over(database, message(bot, "quick", OTHER_CHAT))
    answer = await dispatcher.tick()

    assert answer["sent"] == 1
    assert not run.done()
    assert (await run)["sent"] == 1
