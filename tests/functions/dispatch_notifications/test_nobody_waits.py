"""Nobody waits for somebody else: a slow answer, a long broadcast, another bot."""

import asyncio
import time

from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, School
from tests.functions.dispatch_notifications.delivery import OTHER_TOKEN, Delivery, message
from tests.helpers import arrange
from tests.helpers.waiting import until


async def test_a_chat_whose_answer_does_not_come_delays_no_other_chat(delivery: Delivery) -> None:
    delivery.fault(chat_id=700_000_201, delay_s=18)
    await delivery.enqueue(delivery.message("slow", 700_000_201))
    run = asyncio.create_task(delivery.tick(seconds=15))
    await until(lambda: delivery.states("slow") == ["sending"])

    await delivery.enqueue(delivery.message("quick", 700_000_202))

    await until(lambda: delivery.sent(700_000_202))
    assert delivery.states("slow") == ["sending"], "its answer is still to come"
    delivery.answer_now()
    await run
    assert delivery.sent(700_000_201) == ["slow"]


async def test_a_new_event_and_another_bot_do_not_wait_for_a_broadcast(school: School, delivery: Delivery) -> None:
    slow_bot = arrange.bot(delivery.connection, "slow", OTHER_TOKEN, rate_per_second=2, burst=1, system="salon")
    await delivery.enqueue(*(message(slow_bot, f"broadcast-{n}", 710_000_000 + n) for n in range(100)))
    run = asyncio.create_task(delivery.tick(seconds=8))
    await until(delivery.calls)

    school.answer("600001")

    report = await run
    assert delivery.sent(MENTOR_CHAT), "the run that was under way has sent it"
    assert report["remaining"] > 0, "the broadcast was still under way"


async def test_a_bot_that_waits_for_its_pace_is_not_asked_about_all_the_time(delivery: Delivery) -> None:
    """Two messages for one chat, three seconds apart: a handful of looks, not thousands."""
    delivery.set_bot(private_pace="3 seconds")
    for key in ("one", "two"):
        await delivery.enqueue(delivery.message(key, MENTOR_CHAT))
    before = transactions(delivery)

    report = await delivery.tick(seconds=10)

    assert report["sent"] == 2
    assert transactions(delivery) - before < 150


def transactions(delivery: Delivery) -> int:
    """How many this database has seen."""
    time.sleep(1.2)  # statistics come about once a second
    delivery.connection.execute("select pg_stat_clear_snapshot()")
    row = delivery.connection.execute(
        "select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()"
    ).fetchone()
    assert row
    return int(row["n"])
