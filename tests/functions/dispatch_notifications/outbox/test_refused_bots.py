"""Telegram says: too many requests. Of one chat, or of the whole bot; in its own words, or in any others."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue
from infra.sandbox.telegram.journal import Row
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, Delivery, all_tick

GROUP = -1_001_500_000_801
ASIDE = Kind("support/aside", ordered=False)

Plain = psycopg.Connection[DictRow]


def refuse(delivery: Delivery, chat: int, seconds: float = 1, times: int = 1) -> None:
    delivery.fault(chat_id=chat, times=times, status=429,
                                 parameters={"retry_after": seconds})  # fmt: skip


def calls(delivery: Delivery, status: int, chat: int | None = None) -> list[Row]:
    return [call for call in delivery.calls(chat=chat) if call.status == status]


def refused_times(delivery: Delivery, count: int) -> Callable[[], bool]:
    return lambda: len(calls(delivery, 429)) == count


def limits(delivery: Delivery) -> dict[str, Any]:
    [found] = delivery.rows("select slowed_rate, paused_until > clock_timestamp() as paused from platform.bot_limits")
    return found


def rest(delivery: Delivery) -> float:
    """How long the refused chat rests from the moment of its answer; how late somebody looks says nothing."""
    query = """
        select extract(epoch from l.next_at - max(a.ended_at))::float8 as seconds
        from platform.lanes l, platform.outbox_attempts a join platform.outbox o on o.id = a.outbox_id
        where l.lane = %s and o.chat_id = %s group by l.next_at"""
    [found] = delivery.rows(query, str(CHAT), CHAT)
    seconds: float = found["seconds"]
    return seconds


async def permits(delivery: Delivery) -> int:
    """How many chats a dispatcher takes at once, all permits being fresh."""
    delivery.connection.execute("update platform.bot_limits set tat = '-infinity', paused_until = '-infinity'")
    delivery.connection.execute("delete from platform.lanes; delete from platform.outbox")
    await delivery.enqueue(*(delivery.message(f"m{n}-{time.monotonic_ns()}", 740_000_000 + n) for n in range(40)))
    async with delivery.database.connection() as plain:
        return len(await queue.claim(plain, delivery.bot, 100, 60))


async def test_one_chats_429_keeps_all_its_lanes_waiting_and_no_other_chat(delivery: Delivery) -> None:
    refuse(delivery, CHAT, 5)
    await delivery.enqueue("refused")
    await delivery.tick_until(lambda: calls(delivery, 429))
    assert 5 <= rest(delivery) < 7.5
    await delivery.enqueue(delivery.message("aside", kind=ASIDE), "behind it")
    await delivery.enqueue(*(delivery.message(f"other {n}", OTHER_CHAT) for n in range(5)))

    await delivery.tick_until(lambda: len(calls(delivery, 200)) == 8, seconds=15)

    [refused] = calls(delivery, 429)
    later = calls(delivery, 200, CHAT)
    assert len(later) == 3
    assert min(call.at for call in later) - refused.at > 5.4
    assert max(call.at for call in calls(delivery, 200, OTHER_CHAT)) < min(call.at for call in later)
    assert [delivery.row(key)["attempt"] for key in ("refused", "aside", "behind it")] == [1, 1, 1]
    assert limits(delivery) == {"slowed_rate": None, "paused": False}


async def test_two_refused_chats_do_not_stop_the_bot(delivery: Delivery) -> None:
    for chat in (CHAT, OTHER_CHAT):
        refuse(delivery, chat, 30)
    await delivery.enqueue("one", delivery.message("two", OTHER_CHAT))
    await delivery.tick(seconds=1)
    await delivery.enqueue(delivery.message("three", CHAT + 10))
    await delivery.tick(seconds=1)

    assert delivery.states("one", "two", "three") == ["queued", "queued", "sent"]
    assert limits(delivery) == {"slowed_rate": None, "paused": False}


async def test_three_refusals_of_one_group_are_the_groups_and_not_the_bots(delivery: Delivery) -> None:
    refuse(delivery, GROUP, 1, times=3)
    await delivery.enqueue(*(delivery.message(f"in {thread}", GROUP, thread_id=thread) for thread in (1, 2, 3)))

    await delivery.tick(seconds=6)

    assert len(calls(delivery, 429)) == 3
    assert limits(delivery) == {"slowed_rate": None, "paused": False}


async def test_three_refused_chats_stop_all_dispatchers_for_the_longest_wait(delivery: Delivery) -> None:
    for number, seconds in enumerate((1, 8, 1)):
        refuse(delivery, CHAT + number, seconds)
    await delivery.enqueue(*(delivery.message(f"refused {n}", CHAT + n) for n in range(3)))
    dispatchers = delivery.dispatchers(2)
    while len(calls(delivery, 429)) < 3:  # a run may be over before it began, where the machine is busy
        await all_tick(dispatchers, seconds=0.5)
    assert limits(delivery) == {"slowed_rate": 800, "paused": True}
    await delivery.enqueue(*(delivery.message(f"other {n}", CHAT + 10 + n) for n in range(5)))
    while len(calls(delivery, 200)) < 8:
        await all_tick(dispatchers, seconds=1)

    refused, later = calls(delivery, 429), calls(delivery, 200)
    assert len(refused) == 3
    assert len(later) == 8
    assert min(call.at for call in later) - min(call.at for call in refused) >= 8


async def test_refusals_more_than_ten_seconds_apart_are_the_chats_own(delivery: Delivery) -> None:
    for number in range(3):
        refuse(delivery, CHAT + number, 30)
        await delivery.enqueue(delivery.message(f"refused {number}", CHAT + number))
        await delivery.tick_until(refused_times(delivery, number + 1))
        delivery.connection.execute("update platform.outbox_attempts set ended_at = ended_at - interval '6 seconds'")

    assert len(calls(delivery, 429)) == 3
    assert limits(delivery) == {"slowed_rate": None, "paused": False}


async def test_a_bot_that_was_refused_goes_slower_and_one_a_second_faster_with_every_five_minutes(
    delivery: Delivery,
) -> None:
    delivery.set_bot(rate_per_second=20, burst=1)
    for round_number in range(2):  # the second time, it was slow already
        for number in range(3):
            refuse(delivery, CHAT + number)
            await delivery.enqueue(delivery.message(f"{round_number} {number}", CHAT + number))
        delivery.bring_forward()
        delivery.connection.execute("update platform.lanes set next_at = '-infinity', paused_until = '-infinity'")
        delivery.connection.execute("update platform.bot_limits set paused_until = '-infinity', tat = '-infinity',"
                           " slowed_at = slowed_at - interval '11 seconds'")  # fmt: skip
        await delivery.tick_until(refused_times(delivery, 3 * round_number + 3))
        assert limits(delivery)["slowed_rate"] == pytest.approx(20 * 0.8 ** (round_number + 1))

    for seconds, expected in {0: 12, 299: 12, 301: 13, 1501: 17, 90_000: 20}.items():  # it was 12.8 a second
        delivery.connection.execute(
            "update platform.bot_limits set slowed_at = clock_timestamp() - make_interval(secs => %s)", (seconds,)
        )
        assert await permits(delivery) == expected, seconds


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [
        ({"status": 429}, 5, 5),
        ({"status": 429, "parameters": {"retry_after": -7}}, 1, 1),
        ({"status": 429, "parameters": {"retry_after": 10**400}}, 1, 3600),
        ({"status": 429, "parameters": {"retry_after": 99_999_999}}, 3600, 3600),
        ({"status": 429, "parameters": {"retry_after": [3]}, "headers": {"Retry-After": "9"}}, 9, 9),
        ({"status": 429, "headers": {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}}, 5, 5),
        ({"status": 429, "description": "Too Many Requests: retry after 8"}, 8, 8),
        ({"raw": {"status": 429, "body": "<html>slow down</html>"}}, 5, 5),
        ({"raw": {"status": 429, "content_type": "application/json", "body": '{"parameters": "NaN"}'}}, 5, 5),
        ({"raw": {"status": 200, "content_type": "application/json", "body": '{"error_code": 429}'}}, 5, 5),
    ],
)  # fmt: skip
async def test_a_429_in_whatever_words_is_waited_for_within_reason(
    delivery: Delivery, fault: dict[str, Any], least: float, most: float
) -> None:
    delivery.fault(chat_id=CHAT, **fault)
    await delivery.enqueue("refused", delivery.message("other", OTHER_CHAT))

    await delivery.tick_until(lambda: delivery.requests() and delivery.states("other") == ["sent"])

    found = delivery.row("refused")
    assert (found["state"], found["attempt"], found["error_class"]) == ("queued", 0, "rate_limited")
    assert delivery.states("other") == ["sent"]
    assert least <= rest(delivery) <= most + 1
