"""Telegram says: too many requests. Of one chat, or of the whole bot; in its own words, or in any others."""

import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue
from infra.sandbox.server import SandboxServer
from infra.sandbox.telegram.journal import Row
from shared.database.pool import Database
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    OTHER_CHAT,
    all_tick,
    bring_forward,
    hand_over,
    message,
    patient_bot,
    row,
    several,
    states,
)

GROUP = -1_001_500_000_801
ASIDE = Kind("support/aside", ordered=False)

Plain = psycopg.Connection[DictRow]


def refuse(telegram: SandboxServer, chat: int, seconds: float = 1, times: int = 1) -> None:
    telegram.telegram.faults.add(method="sendMessage", chat_id=chat, times=times, status=429,
                                 parameters={"retry_after": seconds})  # fmt: skip


def calls(telegram: SandboxServer, status: int, chat: int | None = None) -> list[Row]:
    return [call for call in telegram.telegram.journal.find("sendMessage", chat) if call.status == status]


def limits(connection: Plain) -> dict[str, Any]:
    [found] = connection.execute(
        "select slowed_rate, paused_until > clock_timestamp() as paused from platform.bot_limits"
    ).fetchall()
    return found


async def permits(database: Database, connection: Plain, bot: int) -> int:
    """How many chats a dispatcher takes at once, all permits being fresh."""
    connection.execute("update platform.bot_limits set tat = '-infinity', paused_until = '-infinity'")
    connection.execute("delete from platform.lanes; delete from platform.outbox")
    await hand_over(database, *(message(bot, f"m{n}-{time.monotonic_ns()}", 740_000_000 + n) for n in range(40)))
    async with database.connection() as plain:
        return len(await queue.claim(plain, bot, 100, 60))


async def test_one_chats_429_keeps_all_its_lanes_waiting_and_no_other_chat(
    connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    bot = patient_bot(connection)
    refuse(telegram, CHAT, 2)
    await hand_over(database, message(bot, "refused"))
    await dispatcher.tick(seconds=0.5)
    await hand_over(database, message(bot, "aside", kind=ASIDE), message(bot, "behind it"))
    await hand_over(database, *(message(bot, f"other {n}", OTHER_CHAT) for n in range(10)))

    await dispatcher.tick()

    [refused] = calls(telegram, 429)
    later = calls(telegram, 200, CHAT)
    assert len(later) == 3
    assert 2.4 < min(call.at for call in later) - refused.at < 4.5
    assert max(call.at for call in calls(telegram, 200, OTHER_CHAT)) < min(call.at for call in later)
    assert [row(connection, key)["attempt"] for key in ("refused", "aside", "behind it")] == [1, 1, 1]
    assert limits(connection) == {"slowed_rate": None, "paused": False}


async def test_two_refused_chats_do_not_stop_the_bot(
    connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    bot = patient_bot(connection)
    for chat in (CHAT, OTHER_CHAT):
        refuse(telegram, chat, 30)
    await hand_over(database, message(bot, "one"), message(bot, "two", OTHER_CHAT))
    await dispatcher.tick(seconds=1)
    await hand_over(database, message(bot, "three", CHAT + 10))
    await dispatcher.tick(seconds=1)

    assert states(connection, "one", "two", "three") == ["queued", "queued", "sent"]
    assert limits(connection) == {"slowed_rate": None, "paused": False}


async def test_three_refusals_of_one_group_are_the_groups_and_not_the_bots(
    connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    bot = patient_bot(connection)
    refuse(telegram, GROUP, 1, times=3)
    await hand_over(database, *(message(bot, f"in {thread}", GROUP, thread_id=thread) for thread in (1, 2, 3)))

    await dispatcher.tick(seconds=6)

    assert len(calls(telegram, 429)) == 3
    assert limits(connection) == {"slowed_rate": None, "paused": False}


async def test_three_refused_chats_stop_all_dispatchers_for_the_longest_wait(
    connection: Plain, database_url: str, database: Database, telegram: SandboxServer, printed: Path
) -> None:
    bot = patient_bot(connection)
    for number, seconds in enumerate((1, 4, 1)):
        refuse(telegram, CHAT + number, seconds)
    await hand_over(database, *(message(bot, f"refused {n}", CHAT + n) for n in range(3)))
    with several(2, database_url, telegram, printed) as dispatchers:
        await all_tick(dispatchers, seconds=0.5)
        assert limits(connection) == {"slowed_rate": 800, "paused": True}
        await hand_over(database, *(message(bot, f"other {n}", CHAT + 10 + n) for n in range(5)))
        await all_tick(dispatchers)

    refused, later = calls(telegram, 429), calls(telegram, 200)
    assert len(refused) == 3
    assert len(later) == 8
    assert min(call.at for call in later) - min(call.at for call in refused) >= 4


async def test_refusals_more_than_ten_seconds_apart_are_the_chats_own(
    connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    bot = patient_bot(connection)
    for number in range(3):
        refuse(telegram, CHAT + number, 30)
        await hand_over(database, message(bot, f"refused {number}", CHAT + number))
        await dispatcher.tick(seconds=0.5)
        connection.execute("update platform.outbox_attempts set ended_at = ended_at - interval '6 seconds'")

    assert len(calls(telegram, 429)) == 3
    assert limits(connection) == {"slowed_rate": None, "paused": False}


async def test_a_bot_that_was_refused_goes_slower_and_one_a_second_faster_with_every_five_minutes(
    connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    bot = patient_bot(connection, rate_per_second=20, burst=1)
    for round_number in range(2):  # the second time, it was slow already
        for number in range(3):
            refuse(telegram, CHAT + number)
            await hand_over(database, message(bot, f"{round_number} {number}", CHAT + number))
        bring_forward(connection)
        connection.execute("update platform.lanes set next_at = '-infinity'")
        connection.execute("update platform.bot_limits set paused_until = '-infinity', tat = '-infinity',"
                           " slowed_at = slowed_at - interval '11 seconds'")  # fmt: skip
        await dispatcher.tick(seconds=0.5)
        assert limits(connection)["slowed_rate"] == pytest.approx(20 * 0.8 ** (round_number + 1))

    for seconds, expected in {0: 12, 299: 12, 301: 13, 1501: 17, 90_000: 20}.items():  # it was 12.8 a second
        connection.execute(
            "update platform.bot_limits set slowed_at = clock_timestamp() - make_interval(secs => %s)", (seconds,)
        )
        assert await permits(database, connection, bot) == expected, seconds


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
    connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher,
    fault: dict[str, Any], least: float, most: float,
) -> None:  # fmt: skip
    bot = patient_bot(connection)
    telegram.telegram.faults.add(method="sendMessage", chat_id=CHAT, **fault)
    await hand_over(database, message(bot, "refused"), message(bot, "other", OTHER_CHAT))

    await dispatcher.tick(seconds=0.5)

    found = row(connection, "refused")
    assert (found["state"], found["attempt"], found["error_class"]) == ("queued", 0, "rate_limited")
    assert states(connection, "other") == ["sent"]
    [lane] = connection.execute(
        "select extract(epoch from next_at - clock_timestamp())::float8 as wait from platform.lanes where lane = %s",
        (str(CHAT),),
    ).fetchall()
    assert least - 1.5 < lane["wait"] <= most + 0.5
