"""Runs that end: told to by the platform, or by their time budget."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    OTHER_CHAT,
    arrived,
    asked,
    hand_over,
    message,
    patient_bot,
    row,
    states,
    until,
)
from tests.helpers import arrange, canaries
from tests.helpers.serving import ServedProcess, serve

OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
GRACE_SECONDS = 5.0
ONCE = Kind("support/once", policy="at_most_once")

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


@pytest.fixture
def served(database_url: str, telegram: SandboxServer, printed: Path) -> Iterator[ServedProcess]:
    """dispatch_notifications in a process that a test may end."""
    with serve(
        "dispatch_notifications",
        printed,
        DATABASE_URL=database_url,
        TELEGRAM_API_URL=telegram.url,
        SECRETS_KEY=arrange.SECRETS_KEY,
        CRON_SECRET=canaries.CRON_SECRET,
    ) as running:
        yield running


async def call(served: ServedProcess, **query: object) -> None:
    """A tick whose answer may never come."""
    try:
        await Dispatcher(served.url, served.output).tick(**query)
    except httpx.HTTPError:
        return


async def terminate(served: ServedProcess) -> float:
    """SIGTERM; how long the process took to end."""
    started = time.monotonic()
    served.process.terminate()
    await asyncio.to_thread(served.process.wait, GRACE_SECONDS + 10)
    return time.monotonic() - started


def leased(connection: Plain) -> int:
    return connection.execute("select from platform.lanes where leased_until > clock_timestamp()").rowcount


def outcomes(connection: Plain, key: str) -> list[str]:
    """How the attempts of a message ended."""
    found = connection.execute(
        "select a.outcome from platform.outbox_attempts a join platform.outbox o on o.id = a.outbox_id"
        " where o.dedup_key = %s order by a.started_at",
        (key,),
    ).fetchall()
    return [attempt["outcome"] for attempt in found]


async def test_sends_that_are_slow_when_the_process_is_taken_away_end_and_are_noted(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, served: ServedProcess
) -> None:
    telegram.telegram.latency = 2
    keys = [f"slow {n}" for n in range(20)]
    await hand_over(database, *(message(bot, key, CHAT + n) for n, key in enumerate(keys)))
    await hand_over(database, message(bot, "behind it"))
    run = asyncio.create_task(call(served))
    await until(lambda: asked(telegram, chat=None) == 20)

    assert await terminate(served) < GRACE_SECONDS
    await run

    assert states(connection, *keys) == ["sent"] * 20
    behind = row(connection, "behind it")
    assert (behind["state"], behind["attempt"], behind["maybe_duplicate"]) == ("queued", 0, False)
    assert asked(telegram, chat=None) == 20
    assert leased(connection) == 0


async def test_a_send_that_gets_no_answer_before_the_process_has_to_go_is_noted_as_its_kind_wants(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, served: ServedProcess
) -> None:
    telegram.telegram.faults.add(method="sendMessage", hang=True, times=2)
    await hand_over(database, message(bot, "usual"), message(bot, "once", OTHER_CHAT, kind=ONCE))
    run = asyncio.create_task(call(served))
    await until(lambda: asked(telegram, chat=None) == 2)

    assert await terminate(served) < GRACE_SECONDS
    await run

    assert states(connection, "usual", "once") == ["queued", "unknown"]
    assert [row(connection, key)["maybe_duplicate"] for key in ("usual", "once")] == [True, True]
    assert outcomes(connection, "usual") == ["ambiguous"]
    assert leased(connection) == 0


async def test_what_waits_for_its_permit_when_the_process_is_taken_away_goes_back_unburnt(
    connection: Plain,
    bot: int,
    database: Database,
    telegram: SandboxServer,
    served: ServedProcess,
    dispatcher: Dispatcher,
) -> None:
    connection.execute("update platform.bots set rate_per_second = 10, burst = 1")
    keys = [f"one of many {n}" for n in range(30)]
    await hand_over(database, *(message(bot, key, CHAT + n) for n, key in enumerate(keys)))
    run = asyncio.create_task(call(served))
    await until(lambda: asked(telegram, chat=None) == 3)

    assert await terminate(served) < 3, "there is nothing to wait for"
    await run

    went = asked(telegram, chat=None)
    assert went < 10
    found = connection.execute("select state, attempt, maybe_duplicate from platform.outbox").fetchall()
    assert [one["state"] for one in found].count("sent") == went
    waiting = [(one["attempt"], one["maybe_duplicate"]) for one in found if one["state"] == "queued"]
    assert waiting == [(0, False)] * (30 - went)
    assert ["released"] in [outcomes(connection, key) for key in keys]
    assert leased(connection) == 0

    connection.execute("update platform.bots set rate_per_second = 1000")
    await dispatcher.tick()
    assert sorted(text for n in range(30) for text in arrived(telegram, CHAT + n)) == sorted(keys)


async def test_every_run_of_the_process_hears_that_it_is_taken_away(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, served: ServedProcess
) -> None:
    other = patient_bot(connection, name="other", token=OTHER_TOKEN)
    telegram.telegram.faults.add(method="sendMessage", hang=True, times=2)
    await hand_over(database, message(bot, "one"), message(other, "two", OTHER_CHAT))
    first = asyncio.create_task(call(served, bot=bot))
    await until(lambda: asked(telegram, chat=None) == 1)
    second = asyncio.create_task(call(served, bot=other))
    await until(lambda: asked(telegram, chat=None) == 2)

    assert await terminate(served) < GRACE_SECONDS
    await asyncio.gather(first, second)

    assert [outcomes(connection, key) for key in ("one", "two")] == [["ambiguous"], ["ambiguous"]]
    assert leased(connection) == 0


async def test_a_run_whose_time_is_up_begins_nothing_and_says_what_remains(
    connection: Plain, bot: int, database: Database, dispatcher: Dispatcher
) -> None:
    connection.execute("update platform.bots set rate_per_second = 10, burst = 1")
    await hand_over(database, *(message(bot, f"{n}", CHAT + n) for n in range(100)))
    started = time.monotonic()

    report = await dispatcher.tick(seconds=2)

    assert time.monotonic() - started < 4.5
    assert 15 <= report["sent"] <= 35
    assert report["sent"] + report["remaining"] == 100
    assert leased(connection) == 0
