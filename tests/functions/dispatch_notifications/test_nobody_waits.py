"""Nobody waits for somebody else: a slow answer, a long broadcast, another bot."""

import asyncio
import time

import psycopg
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON
from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, Dispatcher, School
from tests.helpers import arrange

OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


async def hand_over(database: Database, bot: int, chat: int, key: str) -> None:
    async with database.transaction() as connection:
        await enqueue(connection, [Message(bot, ANSWER_TO_LESSON, key, {"text": key}, "c" * 32, chat)])


async def arrival(telegram: SandboxServer, chat: int, seconds: float = 5.0) -> float:
    """Seconds until something was delivered to `chat`."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if any(row.delivered for row in telegram.telegram.journal.find("sendMessage", chat)):
            return time.monotonic() - started
        await asyncio.sleep(0.02)
    return seconds


def the_bot(connection: psycopg.Connection[DictRow]) -> int:
    row = connection.execute("select id from platform.bots where name = 'school'").fetchone()
    assert row
    return int(row["id"])


async def test_a_chat_whose_answer_does_not_come_delays_no_other_chat(
    school: School, database: Database, dispatcher: Dispatcher, telegram: SandboxServer
) -> None:
    bot = the_bot(school.connection)
    telegram.telegram.faults.add(method="sendMessage", chat_id=700_000_201, delay_s=6)
    await hand_over(database, bot, 700_000_201, "slow")
    run = asyncio.create_task(dispatcher.tick(seconds=15))
    await asyncio.sleep(0.7)  # the slow one is on its way

    await hand_over(database, bot, 700_000_202, "quick")

    assert await arrival(telegram, 700_000_202) < 2.5
    await run
    assert await arrival(telegram, 700_000_201) < 1


async def test_a_new_event_and_another_bot_do_not_wait_for_a_broadcast(
    school: School, database: Database, dispatcher: Dispatcher, telegram: SandboxServer
) -> None:
    slow_bot = arrange.bot(school.connection, "slow", OTHER_TOKEN, rate_per_second=5, burst=1, system="salon")
    for number in range(40):
        await hand_over(database, slow_bot, 710_000_000 + number, f"broadcast-{number}")
    run = asyncio.create_task(dispatcher.tick(seconds=6))
    await asyncio.sleep(0.7)

    school.answer("600001")

    assert await arrival(telegram, MENTOR_CHAT) < 2.5
    report = await run
    assert report["remaining"] > 0, "the broadcast was still under way"


async def test_a_bot_that_waits_for_its_pace_is_not_asked_about_all_the_time(
    school: School, database: Database, dispatcher: Dispatcher
) -> None:
    """Two messages for one chat, three seconds apart: a handful of looks, not thousands."""
    bot = the_bot(school.connection)
    school.connection.execute("update platform.bots set private_pace = '3 seconds'")
    for key in ("one", "two"):
        await hand_over(database, bot, MENTOR_CHAT, key)
    before = transactions(school.connection)

    report = await dispatcher.tick(seconds=10)

    assert report["sent"] == 2
    assert transactions(school.connection) - before < 150


def transactions(connection: psycopg.Connection[DictRow]) -> int:
    """How many this database has seen."""
    time.sleep(1.2)  # statistics come about once a second
    connection.execute("select pg_stat_clear_snapshot()")
    row = connection.execute(
        "select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()"
    ).fetchone()
    assert row
    return int(row["n"])
