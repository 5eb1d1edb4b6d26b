"""Topics cost nothing of their group's pace: a new customer's card comes at once, at the paces that bots have."""

import time
from collections.abc import Callable

import pytest

from shared.delivery.enqueue import Topic
from shared.delivery.kinds import CARD
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery

FORUM = -1_001_500_000_403
GROUP_PACE = 3.1
PAUSE = """
    select extract(epoch from next_at - sent.started_at)::float8 as rest,
           extract(epoch from paused_until - clock_timestamp())::float8 as pause
    from platform.lanes, (select max(started_at) as started_at from platform.outbox_attempts) sent where lane = %s
"""


@pytest.fixture(autouse=True)
async def usual_paces(delivery: Delivery) -> None:
    """Those of a new bot; the first request of a process takes its time."""
    delivery.set_bot(rate_per_second=25, burst=5, private_pace="1.05 seconds", group_pace=f"{GROUP_PACE} seconds")
    await delivery.enqueue(delivery.message("warm up", CHAT))
    await delivery.tick(seconds=5)
    delivery.telegram.telegram.journal.clear()


async def new_customers(delivery: Delivery, *numbers: int) -> None:
    for number in numbers:
        topic = Topic(f"support/user/{number}", f"Клиент {number}")
        await delivery.enqueue(delivery.message(f"card {number}", FORUM, topic=topic, kind=CARD))


def sent(delivery: Delivery, count: int) -> Callable[[], bool]:
    return lambda: len(delivery.sent(FORUM)) == count


def rest(delivery: Delivery) -> dict[str, float]:
    """How long the group rests, from the last attempt on; and how long it is closed for, from now on."""
    [found] = delivery.rows(PAUSE, str(FORUM))
    return found


async def test_a_new_customers_card_comes_within_a_second(delivery: Delivery) -> None:
    took: list[float] = []
    while len(took) < 5 and (not took or took[-1] >= 1):  # what else the machine does can only add to it
        delivery.connection.execute("update platform.lanes set next_at = '-infinity'")
        began, number = time.time(), len(took) + 1
        await new_customers(delivery, number)
        await delivery.tick_until(sent(delivery, number), seconds=2)
        assert delivery.requests("createForumTopic", FORUM) == number
        took.append(delivery.calls(chat=FORUM)[-1].unix - began)

    assert took[-1] < 1


async def test_five_new_customers_have_their_topics_at_once_and_their_cards_at_the_groups_pace(
    delivery: Delivery,
) -> None:
    began = time.time()
    await new_customers(delivery, *range(5))
    await delivery.tick_until(lambda: delivery.requests("createForumTopic", FORUM) == 5, seconds=2)

    created = delivery.calls("createForumTopic", FORUM)
    assert len(created) == 5
    assert max(call.unix for call in created) - began < 4 * GROUP_PACE  # that long five take at the group's pace
    assert len(delivery.sent(FORUM)) == 1
    for number in range(2, 6):
        assert 0 < rest(delivery)["rest"] < 2 * GROUP_PACE  # one message, not five
        delivery.connection.execute("update platform.lanes set next_at = '-infinity'")
        await delivery.tick_until(sent(delivery, number), seconds=0.3)
        assert len(delivery.sent(FORUM)) == number


async def test_a_group_that_telegram_closes_for_a_while_gets_no_topics_either(delivery: Delivery) -> None:
    delivery.fault("createForumTopic", times=1, status=429, parameters={"retry_after": 30})
    await new_customers(delivery, 1)
    await delivery.tick_until(lambda: delivery.requests("createForumTopic", FORUM), seconds=0.3)
    await new_customers(delivery, 2, 3)
    await delivery.tick(seconds=0.3)

    assert delivery.requests("createForumTopic", FORUM) == 1
    assert 6 < rest(delivery)["pause"] < 31  # as long as Telegram says, and not as we would without its word

    delivery.connection.execute("update platform.lanes set paused_until = '-infinity', next_at = '-infinity'")
    delivery.bring_forward()
    await delivery.tick_until(lambda: delivery.requests("createForumTopic", FORUM) == 4, seconds=1)
