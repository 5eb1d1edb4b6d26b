"""Runs that end: told to by the platform, or by their time budget."""

import asyncio
import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, OTHER_TOKEN, Delivery, Dispatcher, message
from tests.helpers.serving import ServedProcess, take_away
from tests.helpers.waiting import until

ONCE = Kind("support/once", policy="at_most_once")
GRACE_SECONDS = 5.0  # that a platform leaves between SIGTERM and SIGKILL

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def served(delivery: Delivery) -> Iterator[ServedProcess]:
    """A dispatcher that a test may end."""
    with delivery.process() as running:
        yield running


async def call(served: ServedProcess, **query: object) -> None:
    """A tick."""
    await Dispatcher(served.url, served.output).tick(**query)


def leased(delivery: Delivery) -> int:
    return delivery.connection.execute("select from platform.lanes where leased_until > clock_timestamp()").rowcount


def outcomes(delivery: Delivery, key: str) -> list[str]:
    """How the attempts of a message ended."""
    found = delivery.rows(
        "select a.outcome from platform.outbox_attempts a join platform.outbox o on o.id = a.outbox_id"
        " where o.dedup_key = %s order by a.started_at",
        key,
    )
    return [attempt["outcome"] for attempt in found]


async def test_sends_that_are_slow_when_the_process_is_taken_away_end_and_are_noted(
    delivery: Delivery, served: ServedProcess
) -> None:
    delivery.telegram.telegram.latency = 1
    keys = [f"slow {n}" for n in range(20)]
    await delivery.enqueue(*(delivery.message(key, CHAT + n) for n, key in enumerate(keys)))
    await delivery.enqueue("behind it")
    run = asyncio.create_task(call(served))
    await until(lambda: delivery.requests(chat=None) == 20)

    await take_away(served)
    await run

    assert delivery.states(*keys) == ["sent"] * 20
    behind = delivery.row("behind it")
    assert (behind["state"], behind["attempt"], behind["maybe_duplicate"]) == ("queued", 0, False)
    assert delivery.requests(chat=None) == 20
    assert leased(delivery) == 0


async def test_a_send_that_gets_no_answer_before_the_process_has_to_go_is_noted_as_its_kind_wants(
    delivery: Delivery,
) -> None:
    took: list[float] = []
    while len(took) < 3 and (not took or took[-1] >= GRACE_SECONDS):  # what else the machine does can only add to it
        delivery.connection.execute("delete from platform.outbox; delete from platform.lanes")
        delivery.fault(hang=True, times=2)
        await delivery.enqueue("usual", delivery.message("once", OTHER_CHAT, kind=ONCE))
        delivery.telegram.telegram.journal.clear()
        with delivery.process() as served:
            run = asyncio.create_task(call(served))
            await until(lambda: delivery.requests(chat=None) == 2)
            took.append(await take_away(served))
            await run

    assert took[-1] < GRACE_SECONDS
    assert delivery.states("usual", "once") == ["queued", "unknown"]
    assert [delivery.row(key)["maybe_duplicate"] for key in ("usual", "once")] == [True, True]
    assert outcomes(delivery, "usual") == ["ambiguous"]
    assert leased(delivery) == 0


async def test_what_waits_for_its_permit_when_the_process_is_taken_away_is_queued_again_without_an_attempt(
    delivery: Delivery, served: ServedProcess
) -> None:
    delivery.set_bot(rate_per_second=2, burst=1)
    keys = [f"one of many {n}" for n in range(30)]
    await delivery.enqueue(*(delivery.message(key, CHAT + n) for n, key in enumerate(keys)))
    run = asyncio.create_task(call(served))
    await until(lambda: delivery.requests(chat=None) >= 3)

    await take_away(served)
    await run

    went = delivery.requests(chat=None)
    assert went < 20, "there is nothing to wait for: all of them take fifteen seconds"
    found = delivery.rows("select state, attempt, maybe_duplicate from platform.outbox")
    assert [row["state"] for row in found].count("sent") == went
    waiting = [(row["attempt"], row["maybe_duplicate"]) for row in found if row["state"] == "queued"]
    assert waiting == [(0, False)] * (30 - went)
    assert ["released"] in [outcomes(delivery, key) for key in keys]
    assert leased(delivery) == 0

    delivery.set_bot(rate_per_second=1000)
    await delivery.tick()
    assert sorted(text for n in range(30) for text in delivery.sent(CHAT + n)) == sorted(keys)


async def test_every_run_of_the_process_hears_that_it_is_taken_away(delivery: Delivery, served: ServedProcess) -> None:
    other = delivery.add_bot(name="other", token=OTHER_TOKEN)
    delivery.fault(hang=True, times=2)
    await delivery.enqueue("one", message(other, "two", OTHER_CHAT))
    first = asyncio.create_task(call(served, bot=delivery.bot))
    await until(lambda: delivery.requests(chat=None) == 1)
    second = asyncio.create_task(call(served, bot=other))
    await until(lambda: delivery.requests(chat=None) == 2)

    await take_away(served)
    await asyncio.gather(first, second)

    assert [outcomes(delivery, key) for key in ("one", "two")] == [["ambiguous"], ["ambiguous"]]
    assert leased(delivery) == 0


async def test_a_run_whose_time_is_up_begins_nothing_and_says_what_remains(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=5, burst=1)
    await delivery.enqueue(*(delivery.message(f"{n}", CHAT + n) for n in range(500)))
    started = time.monotonic()

    report = await delivery.tick(seconds=2)

    assert time.monotonic() - started < 30, "all of them take a minute and a half"
    assert 1 <= report["sent"] <= 35
    assert report["sent"] + report["remaining"] == 500
    assert leased(delivery) == 0
