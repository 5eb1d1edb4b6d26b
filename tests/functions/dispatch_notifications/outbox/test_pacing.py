"""How fast a chat and a bot are written to, however many dispatchers there are.

The nth message comes when so many paces are over, at the earliest. On a busy machine one may be late; the next one,
which is in time, follows it closely then.
"""

import time

import psycopg
from psycopg.rows import DictRow

from infra.sandbox.telegram.limits import Limits
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery, Dispatcher, all_tick
from tests.helpers import canaries

FORUM = -1_001_500_000_701

Plain = psycopg.Connection[DictRow]


def moments(delivery: Delivery, chat: int | None = None, method: str | None = "sendMessage") -> list[float]:
    """When the calls came, in order."""
    return [call.unix for call in delivery.calls(method, chat)]


async def warm_up(delivery: Delivery, dispatchers: list[Dispatcher]) -> None:
    """The first request of a process takes its time, which its claim knows nothing of."""
    for number, dispatcher in enumerate(dispatchers):
        await delivery.enqueue(delivery.message(f"warm up {number}", CHAT - 1 - number))
        await dispatcher.tick(seconds=5)
    delivery.telegram.telegram.journal.clear()


def too_early(at: list[float], began: float, pace: float, burst: int = 0) -> list[int]:
    """Which came before their turn, `burst` of them being free, but for what clocks and permits are inexact by."""
    return [n for n, moment in enumerate(at) if moment < began + (n - burst) * pace - 0.1]


async def test_the_threads_of_a_group_share_its_pace_and_each_keeps_its_order(delivery: Delivery) -> None:
    delivery.set_bot(group_pace="0.4 seconds")
    threads = ["general", "a", "b"]
    dispatchers = delivery.dispatchers(3)
    await warm_up(delivery, dispatchers)
    began = time.time()
    for number in range(3):
        for thread in threads:
            topic = None if thread == "general" else Topic(thread, thread)
            await delivery.enqueue(delivery.message(f"{thread} {number}", FORUM, topic=topic))
    await all_tick(dispatchers)

    at = moments(delivery, FORUM)
    assert len(at) == 9
    assert len(moments(delivery, FORUM, "createForumTopic")) == 2
    assert too_early(at, began, 0.4) == []
    for thread in threads:
        texts = [text for text in delivery.sent(FORUM) if text.startswith(thread)]
        assert texts == [f"{thread} {number}" for number in range(3)]


async def test_what_keeps_out_of_a_persons_order_keeps_their_pace(delivery: Delivery) -> None:
    delivery.set_bot(private_pace="0.4 seconds")
    dispatchers = delivery.dispatchers(2)
    await warm_up(delivery, dispatchers)
    began = time.time()
    for number in range(3):
        aside = Kind(f"support/aside-{number}", ordered=False)
        await delivery.enqueue(
            f"in order {number}",
            delivery.message(f"aside {number}", kind=aside),
            delivery.message(f"aside again {number}", kind=aside),
        )
    await all_tick(dispatchers)

    assert len(delivery.sent()) == 9
    assert too_early(moments(delivery, CHAT), began, 0.4) == []
    assert [text for text in delivery.sent() if text.startswith("in")] == [f"in order {n}" for n in range(3)]


async def test_different_chats_do_not_wait_for_each_other(delivery: Delivery) -> None:
    delivery.set_bot(private_pace="1 second")
    await warm_up(delivery, [delivery.dispatcher])
    people = [CHAT + number for number in range(20)]
    began = time.time()
    await delivery.enqueue(*(delivery.message(f"{n} to {chat}", chat) for chat in people for n in range(2)))

    await delivery.tick()

    at = moments(delivery)
    texts = [call.params["text"] for call in delivery.calls()]
    assert all(text.startswith("0 to") for text in texts[:20]), "everybody's first at once"
    assert at[39] - at[0] < 10, "one after the other they would take twenty seconds"
    for chat in people:
        assert delivery.sent(chat) == [f"0 to {chat}", f"1 to {chat}"]
        assert too_early(moments(delivery, chat), began, 1) == []


async def test_four_dispatchers_together_keep_a_bots_rate_and_use_it(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=10, burst=5)
    dispatchers = delivery.dispatchers(4)
    await warm_up(delivery, dispatchers)
    rates: list[float] = []
    while len(rates) < 5 and max(rates, default=0) <= 8:  # what else the machine does can only slow them down
        delivery.telegram.telegram.journal.clear()
        began = time.time()
        await delivery.enqueue(*(delivery.message(f"{len(rates)} {n}", CHAT + n) for n in range(40)))
        await all_tick(dispatchers, seconds=50)

        at = moments(delivery)
        assert len(at) == 40
        assert too_early(at, began, 0.1, burst=5) == []
        rates.append(39 / (at[-1] - at[0]))

    assert max(rates) > 8


async def test_at_its_usual_pace_telegram_has_nothing_to_refuse(delivery: Delivery) -> None:
    delivery.set_bot(rate_per_second=25, private_pace="1.05 seconds", group_pace="3.1 seconds")
    delivery.telegram.telegram.bot_of(int(canaries.BOT_TOKEN.split(":")[0])).limits = Limits()
    for number in range(3):
        await delivery.enqueue(*(delivery.message(f"{number} to {n}", CHAT + n) for n in range(20)))
        await delivery.enqueue(delivery.message(f"{number} to all", FORUM, topic=Topic(f"t/{number}", "Т")))

    dispatchers = delivery.dispatchers(3)
    await all_tick(dispatchers, seconds=25)

    calls = delivery.telegram.telegram.journal.find()
    assert len(calls) == 66
    assert {call.status for call in calls} == {200}
