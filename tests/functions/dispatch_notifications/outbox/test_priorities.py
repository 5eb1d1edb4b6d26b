"""Urgent messages, broadcasts, and what each leaves for the others."""

import asyncio

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue, retry_policy
from infra.sandbox.telegram.journal import Row
from shared.channels.outcome import Outcome
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ANSWER_TO_LESSON, Kind
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery
from tests.helpers.waiting import until

LEASE = 60.0
URGENT = Kind("support/handover", priority="urgent")
ASIDE = Kind("support/handover-aside", priority="urgent", ordered=False)
NEWS = Kind("salon/news", priority="bulk")
KINDS = {"urgent": URGENT, "normal": ANSWER_TO_LESSON, "bulk": NEWS}

Plain = psycopg.Connection[DictRow]


def many(delivery: Delivery, priority: str, count: int) -> list[Message]:
    """Messages of a priority, each for a chat of its own."""
    first = {"urgent": 710_000_000, "normal": 720_000_000, "bulk": 730_000_000}[priority]
    return [delivery.message(f"{priority} {n}", first + n, kind=KINDS[priority]) for n in range(count)]


def calls(delivery: Delivery) -> list[Row]:
    return delivery.calls()


def priorities(delivery: Delivery) -> list[str]:
    """Of what arrived, in order."""
    return [call.params["text"].split()[0] for call in calls(delivery)]


async def claimed(delivery: Delivery, most: int = 150) -> list[str]:
    """What a dispatcher takes now."""
    async with delivery.database.connection() as connection:
        return [attempt.payload["text"] for attempt in await queue.claim(connection, delivery.bot, most, LEASE)]


async def test_urgent_goes_before_normal_and_normal_before_a_broadcast(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    for priority in ("bulk", "normal", "urgent"):
        await delivery.enqueue(*many(delivery, priority, 5))

    await delivery.tick()

    assert priorities(delivery) == ["urgent"] * 5 + ["normal"] * 5 + ["bulk"] * 5


async def test_of_one_chats_lanes_the_urgent_one_goes_first(delivery: Delivery) -> None:
    delivery.set_bot(private_pace="0.2 seconds")
    await delivery.enqueue(*(delivery.message(f"news {n}", kind=NEWS) for n in range(3)))
    await delivery.enqueue(*(delivery.message(f"urgent {n}", kind=ASIDE) for n in range(2)))

    await delivery.tick()

    assert delivery.sent() == ["urgent 0", "urgent 1", "news 0", "news 1", "news 2"]


async def test_what_an_urgent_message_waits_behind_in_its_lane_becomes_urgent_but_not_what_comes_after_it(
    delivery: Delivery,
) -> None:
    await delivery.enqueue(*many(delivery, "normal", 2))
    for key, kind in {"before it": ANSWER_TO_LESSON, "urgent": URGENT, "after it": ANSWER_TO_LESSON}.items():
        await delivery.enqueue(delivery.message(key, kind=kind))
    order = []
    for _ in range(4):
        async with delivery.database.connection() as plain:
            [attempt] = await queue.claim(plain, delivery.bot, 1, LEASE)
            order.append(attempt.payload["text"])
            async with plain.transaction():
                await queue.finish(plain, [(attempt, retry_policy.after_sending(attempt, Outcome("sent")))])

    assert order == ["before it", "urgent", "normal 0", "normal 1"]


async def test_a_bot_that_may_send_less_than_one_message_a_second_sends_them_all_in_this_order(
    delivery: Delivery,
) -> None:
    delivery.set_bot(rate_per_second=0.8, burst=1)
    for priority in ("bulk", "normal", "urgent"):
        await delivery.enqueue(*many(delivery, priority, 1))

    await delivery.tick_until(lambda: len(calls(delivery)) == 3, seconds=8)

    assert priorities(delivery) == ["urgent", "normal", "bulk"]


async def test_while_others_wait_a_fifth_of_the_rate_stays_free_for_them(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    await delivery.enqueue(*many(delivery, "normal", 40), *many(delivery, "urgent", 100))

    await delivery.tick_until(lambda: len(calls(delivery)) >= 50, seconds=4)

    went = priorities(delivery)[:50]
    assert len(went) == 50
    assert 9 <= went.count("normal") <= 14


@pytest.mark.slow
async def test_a_slow_bot_keeps_that_fifth_free_too(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=1, burst=1)
    await delivery.enqueue(*many(delivery, "normal", 10), *many(delivery, "urgent", 20))

    await delivery.tick_until(lambda: len(calls(delivery)) >= 8, seconds=9)

    assert 1 <= priorities(delivery)[:8].count("normal") <= 2


async def test_a_broadcast_that_waits_alone_has_its_share_beside_urgent_messages_too(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    await delivery.enqueue(*many(delivery, "bulk", 40), *many(delivery, "urgent", 100))

    await delivery.tick_until(lambda: len(calls(delivery)) >= 50, seconds=2.5)

    assert 9 <= priorities(delivery)[:50].count("bulk") <= 14


async def test_urgent_messages_have_the_whole_rate_when_nobody_else_waits(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    await delivery.enqueue(*many(delivery, "urgent", 50))

    assert len(await claimed(delivery)) == 20


async def test_a_broadcast_takes_half_of_the_rate_even_when_nobody_else_waits(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    await delivery.enqueue(*many(delivery, "bulk", 400))

    rates: list[float] = []
    while len(rates) < 5 and not any(8 < rate < 12 for rate in rates):  # what else the machine does makes them uneven
        delivery.telegram.telegram.journal.clear()
        await delivery.tick(seconds=4)
        at = [call.at for call in calls(delivery)]
        later = [moment for moment in at if moment - at[0] > 1.2]  # permits are taken a second ahead: a first burst
        rates.append(len(later) / (later[-1] - later[0]) if len(later) > 1 else 0)

    assert 8 < rates[-1] < 12


async def test_a_broadcast_and_others_together_have_the_whole_rate(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    within: list[int] = []
    while len(within) < 5 and max(within, default=0) < 36:  # what else the machine does can only slow them down
        delivery.connection.execute("delete from platform.outbox; delete from platform.lanes")
        delivery.telegram.telegram.journal.clear()
        await delivery.enqueue(*many(delivery, "bulk", 100), *many(delivery, "normal", 20))
        await delivery.tick(seconds=2.5)
        at = [call.at for call in calls(delivery)]
        within.append(sum(moment - at[0] < 2 for moment in at))

    assert within[-1] >= 36
    assert priorities(delivery)[:40].count("normal") == 20


@pytest.mark.slow
async def test_an_urgent_message_arrives_at_once_in_the_middle_of_ten_thousand(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("first", CHAT - 1))
    await delivery.tick()  # what a first call loads takes no time of the next run
    delivery.set_bot(rate_per_second=25, private_pace="1.05 seconds")
    await delivery.enqueue(*many(delivery, "bulk", 10_000))
    run = asyncio.create_task(delivery.tick(seconds=6))
    await until(lambda: len(calls(delivery)) >= 15)

    before = len(calls(delivery))
    await delivery.enqueue(delivery.message("urgent", kind=URGENT))

    assert (await run)["remaining"] > 9_000, "the broadcast was still under way"
    await delivery.tick_until(lambda: delivery.sent(CHAT))  # on a machine that is too busy for it in this run
    assert priorities(delivery).index("urgent") - before < 3 * 25, "of three seconds' messages none waits behind it"
