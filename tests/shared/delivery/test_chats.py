"""Chats that move to another id, and chats that can be written to again."""

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue, retry_policy
from functions.dispatch_notifications.outbox.attempt import Attempt
from shared.channels.outcome import Outcome
from shared.database.pool import Database
from shared.delivery import chats
from shared.delivery.enqueue import Message, Topic, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON, NO_MENTOR, Kind
from tests.helpers import arrange

LEASE = 60.0
OLD, NEW = -500_000_901, -1_001_500_000_901
OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
URGENT = Kind("support/handover", priority="urgent")

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return arrange.bot(connection, private_pace="0", group_pace="0", rate_per_second=1000, burst=100)


async def hand_over(database: Database, bot: int, *keys: str, chat: int = OLD, **fields: object) -> None:
    """Messages that say their own keys."""
    usual = {"kind": ANSWER_TO_LESSON, "correlation_id": "c" * 32, "chat_id": chat}
    async with database.transaction() as connection:
        messages = [
            Message(bot_id=bot, dedup_key=key, payload={"text": key}, **{**usual, **fields})  # type: ignore[arg-type]
            for key in keys
        ]
        await enqueue(connection, messages)


async def move(database: Database, bot: int, old: int = OLD, new: int = NEW) -> bool:
    async with database.transaction() as connection:
        return await chats.move(connection, bot, old, new)


async def moves_with_pending(database: Database) -> list[tuple[int, int, int]]:
    async with database.connection() as connection:
        return await chats.moves_with_pending(connection)


async def claim(database: Database, bot: int) -> list[Attempt]:
    async with database.connection() as connection:
        return await queue.claim(connection, bot, 100, LEASE)


async def finish(database: Database, attempt: Attempt, outcome: Outcome) -> None:
    async with database.transaction() as connection:
        await queue.finish(connection, [(attempt, retry_policy.after_sending(attempt, outcome))])


async def order_of(database: Database, bot: int) -> list[tuple[int | None, str]]:
    """Chat and text of what is sent until nothing is due."""
    order = []
    while attempts := await claim(database, bot):
        for attempt in attempts:
            order.append((attempt.chat_id, attempt.payload["text"]))
            await finish(database, attempt, Outcome("sent"))
    return order


def lanes(connection: Plain) -> dict[str, str | None]:
    """The lanes that have something to send, and what paces each."""
    found = connection.execute("select lane, chat from platform.lanes where head_due is not null").fetchall()
    return {lane["lane"]: lane["chat"] for lane in found}


async def test_every_lane_of_the_chat_follows_it_and_is_paced_by_the_new_one(
    connection: Plain, database: Database, bot: int
) -> None:
    await hand_over(database, bot, "in order")
    await hand_over(database, bot, "in a thread", thread_id=7)
    await hand_over(database, bot, "aside", kind=NO_MENTOR)

    await move(database, bot)

    assert lanes(connection) == {
        f"{NEW}": None,
        f"{NEW}/7": f"{NEW}",
        f"{NEW}#getcourse/no-mentor": f"{NEW}",
    }
    assert sorted(await order_of(database, bot)) == [(NEW, "aside"), (NEW, "in a thread"), (NEW, "in order")]


async def test_a_lane_in_a_thread_alone_brings_the_lane_that_paces_it(
    connection: Plain, database: Database, bot: int
) -> None:
    connection.execute("update platform.bots set group_pace = '1 hour'")
    await hand_over(database, bot, "in a thread", thread_id=7)
    await hand_over(database, bot, "in another", thread_id=8)

    await move(database, bot)

    assert [attempt.chat_id for attempt in await claim(database, bot)] == [NEW]
    assert await claim(database, bot) == [], "they share the new chat's pace"


async def test_what_waits_keeps_its_order_behind_what_waits_in_the_new_chat_and_moves_once(
    connection: Plain, database: Database, bot: int
) -> None:
    await hand_over(database, bot, "1", "2")
    await hand_over(database, bot, "3", chat=NEW)
    await hand_over(database, bot, "4", kind=URGENT)

    for _ in range(3):
        assert await move(database, bot)

    moves = connection.execute("select bot_id, chat_id, new_chat_id from platform.chat_moves").fetchall()
    assert moves == [{"bot_id": bot, "chat_id": OLD, "new_chat_id": NEW}]
    assert await order_of(database, bot) == [(NEW, key) for key in "1234"]


async def test_an_urgent_message_that_moves_makes_the_new_lane_urgent(
    connection: Plain, database: Database, bot: int
) -> None:
    await hand_over(database, bot, "first", chat=NEW)
    await hand_over(database, bot, "urgent", kind=URGENT)

    await move(database, bot)

    [lane] = connection.execute("select priority from platform.lanes where head_due is not null").fetchall()
    assert lane["priority"] == 0


@pytest.mark.parametrize("begins", ["bot", "other"])
async def test_each_bot_of_a_shared_group_brings_its_own_move_and_other_chats_stay(
    connection: Plain, database: Database, bot: int, begins: str
) -> None:
    other = arrange.bot(connection, "other", OTHER_TOKEN, group_pace="0")
    alike = OLD * 10  # its name begins like the old chat's
    await hand_over(database, bot, "one")
    await hand_over(database, other, "two")
    await hand_over(database, bot, "three", chat=alike)
    first, second = (bot, other) if begins == "bot" else (other, bot)

    await move(database, first)
    chats_of = "select distinct chat_id from platform.outbox where bot_id = %s order by chat_id"
    assert connection.execute(chats_of, (second,)).fetchall()[-1]["chat_id"] == OLD
    await move(database, second)

    assert sorted(await order_of(database, bot)) == sorted([(NEW, "one"), (alike, "three")])
    assert await order_of(database, other) == [(NEW, "two")]


async def test_a_bot_that_has_nothing_to_do_with_a_chat_moves_nothing_in_it(
    connection: Plain, database: Database, bot: int
) -> None:
    stranger = arrange.bot(connection, "stranger", OTHER_TOKEN, group_pace="0")
    await hand_over(database, bot, "one")

    assert not await move(database, stranger)
    await hand_over(database, stranger, "two")

    assert connection.execute("select from platform.chat_moves").fetchall() == []
    assert await order_of(database, bot) == [(OLD, "one")]
    assert await order_of(database, stranger) == [(OLD, "two")], "nobody lies in wait for what it will write one day"


async def test_a_message_that_is_on_its_way_stays_with_its_lane_and_is_brought_when_it_has_ended(
    connection: Plain, database: Database, bot: int
) -> None:
    await hand_over(database, bot, "1", "2")
    [under_way] = await claim(database, bot)

    await move(database, bot)
    assert lanes(connection) == {f"{OLD}": None}
    assert await moves_with_pending(database) == [], "not while it is on its way"

    await finish(database, under_way, Outcome("transient", "server_error"))
    assert await moves_with_pending(database) == [(bot, OLD, NEW)]
    await move(database, bot)

    assert await moves_with_pending(database) == []
    connection.execute("update platform.outbox set due_at = now(); update platform.lanes set head_due = now()"
                       " where head_due is not null")  # fmt: skip
    assert await order_of(database, bot) == [(NEW, "1"), (NEW, "2")]


async def test_what_is_handed_over_with_the_old_id_goes_to_the_new_chat(
    connection: Plain, database: Database, bot: int
) -> None:
    connection.execute("update platform.bots set alert_chat_id = %s", (OLD,))
    await move(database, bot)

    await hand_over(database, bot, "main", "thread", topic=None)
    await hand_over(database, bot, "topic", topic=Topic("a", "А"))

    assert set(lanes(connection)) == {f"{NEW}", f"{NEW}/a"}
    topics = connection.execute("select chat_id from platform.topics").fetchall()
    assert topics == [{"chat_id": NEW}]
    assert {row["chat_id"] for row in connection.execute("select chat_id from platform.outbox").fetchall()} == {NEW}


async def test_a_chat_opens_once_and_for_its_bot_alone(connection: Plain, database: Database, bot: int) -> None:
    other = arrange.bot(connection, "other", OTHER_TOKEN, group_pace="0")
    for sender in (bot, other):
        await hand_over(database, sender, f"refused {sender}")
        [attempt] = await claim(database, sender)
        await finish(database, attempt, Outcome("unreachable", "blocked", 403))

    async with database.transaction() as transaction:
        assert await chats.unblock(transaction, bot, OLD)
        assert not await chats.unblock(transaction, bot, OLD)
        assert not await chats.unblock(transaction, bot, NEW)

    blocked = connection.execute("select bot_id, blocked_class from platform.lanes order by bot_id").fetchall()
    assert [(lane["bot_id"], lane["blocked_class"]) for lane in blocked] == [(bot, None), (other, "blocked")]
    await hand_over(database, bot, "after")
    await hand_over(database, other, "after it, too")
    assert [attempt.blocked for attempt in await claim(database, bot)] == [None]
    assert [attempt.blocked for attempt in await claim(database, other)] == ["blocked"]
