"""Pokes that meet a run, and runs for one bot."""

import asyncio

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, OTHER_TOKEN, Delivery, message
from tests.helpers.waiting import until, waits_for_a_lock

Plain = psycopg.Connection[DictRow]


async def test_a_run_for_one_bot_sends_nothing_of_another(delivery: Delivery) -> None:
    other = delivery.add_bot(name="other", token=OTHER_TOKEN)
    for number in range(3):
        await delivery.enqueue(f"one {number}", message(other, f"two {number}", OTHER_CHAT))

    await delivery.tick(bot=other)

    assert delivery.sent(OTHER_CHAT) == ["two 0", "two 1", "two 2"]
    assert delivery.requests(chat=CHAT) == 0


async def test_a_run_for_one_bot_keeps_no_other_waiting(delivery: Delivery) -> None:
    other = delivery.add_bot(name="other", token=OTHER_TOKEN)
    delivery.fault(chat_id=CHAT, delay_s=18)
    await delivery.enqueue("slow", message(other, "two", OTHER_CHAT))
    run = asyncio.create_task(delivery.tick(bot=delivery.bot))
    await until(lambda: delivery.requests() == 1)

    assert "joined" not in await delivery.tick(bot=other, seconds=2)

    assert delivery.sent(OTHER_CHAT) == ["two"]
    assert not run.done()
    delivery.answer_now()
    await run


async def test_a_poke_joins_the_run_that_is_under_way_and_is_not_lost(delivery: Delivery) -> None:
    delivery.fault(chat_id=CHAT, delay_s=18)
    await delivery.enqueue("slow")
    run = asyncio.create_task(delivery.tick())
    await until(lambda: delivery.requests() == 1)

    await delivery.enqueue(delivery.message("quick", OTHER_CHAT))
    assert await delivery.tick() == {"joined": True}

    await until(lambda: delivery.sent(OTHER_CHAT))
    assert not run.done(), "the slow one is still under way"
    delivery.answer_now()
    assert (await run)["sent"] == 2


async def test_a_poke_that_meets_a_run_in_its_last_moments_is_not_lost(
    delivery: Delivery, database_url: str, direct_url: str
) -> None:
    """It has looked for the last time, and is writing down what it did."""
    if database_url != direct_url:
        pytest.skip("with one connection for all, the next run waits for it, too")
    await delivery.enqueue("first")
    with psycopg.connect(direct_url) as lock:
        lock.execute("lock table platform.job_runs in share row exclusive mode")
        run = asyncio.create_task(delivery.tick())
        await until(lambda: waits_for_a_lock(delivery.connection))
        await delivery.enqueue("second")
        poke = asyncio.create_task(delivery.tick())
        await until(lambda: delivery.sent() == ["first", "second"])

    assert ["joined" in answer for answer in await asyncio.gather(run, poke)] == [False, False]


async def test_pokes_at_any_moment_leave_nothing_behind(delivery: Delivery) -> None:
    for number in range(15):
        first, second = f"first {number}", f"second {number}"
        await delivery.enqueue(delivery.message(first))
        run = asyncio.create_task(delivery.tick())
        await asyncio.sleep(0.02 * number)
        await delivery.enqueue(delivery.message(second))
        await delivery.tick()
        await run
        assert delivery.states(first, second) == ["sent", "sent"], "without any further tick"


async def test_a_poke_that_meets_a_run_whose_time_is_up_starts_one_of_its_own(delivery: Delivery) -> None:
    delivery.fault(chat_id=CHAT, delay_s=18)
    await delivery.enqueue("slow")
    run = asyncio.create_task(delivery.tick(seconds=0.5))
    await until(delivery.requests)
    await asyncio.sleep(0.6)

    await delivery.enqueue(delivery.message("quick", OTHER_CHAT))
    answer = await delivery.tick()

    assert answer["sent"] == 1
    assert not run.done()
    delivery.answer_now()
    assert (await run)["sent"] == 1
