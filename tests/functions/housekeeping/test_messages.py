"""Which messages and lanes leave, and that nobody's message is lost with them."""

import asyncio
import time
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.housekeeping import messages, retention
from functions.housekeeping.pace import rest
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON, NO_MENTOR
from tests.conftest import rows
from tests.helpers import arrange

Connection = psycopg.Connection[DictRow]
WAITS = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


def ended(connection: Connection, bot: int, state: str, days: float, queued_days: float | None = None) -> int:
    """A message that ended so many days ago, just after it was queued or `queued_days` ago; with one attempt."""
    query = """
        with message as (
            insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id,
                                         policy, state, created_at, finished_at)
            values (%(bot)s, 5001, '5001', 'getcourse/answer', 'sendMessage', '{}', gen_random_uuid()::text, 'c',
                    'at_least_once', %(state)s, now() - make_interval(secs => 86400 * %(queued)s::float8),
                    case when %(state)s <> 'queued' then now() - make_interval(secs => 86400 * %(days)s::float8) end)
            returning id)
        insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, outcome)
        select gen_random_uuid(), id, now(), 'sent' from message
        returning outbox_id"""
    values = {"bot": bot, "state": state, "days": days, "queued": queued_days or days}
    row: Any = connection.execute(query, values).fetchone()
    return int(row["outbox_id"])


def lane(
    connection: Connection, bot: int, name: str, chat: str | None = None, days: float = 30, **columns: Any
) -> None:
    """An empty lane whose pause ended so many days ago."""
    pause = rows(connection, "select now() - make_interval(secs => 86400 * %s::float8) as at", days)[0]["at"]
    values = {"bot_id": bot, "lane": name, "chat": chat, "next_at": pause, **columns}
    marks = ", ".join(["%s"] * len(values))
    connection.execute(f"insert into platform.lanes ({', '.join(values)}) values ({marks})", tuple(values.values()))


def lanes(connection: Connection) -> list[str]:
    return [row["lane"] for row in rows(connection, 'select lane from platform.lanes order by lane collate "C"')]


async def test_whom_a_message_reached_is_remembered_when_it_leaves(database: Database, connection: Connection) -> None:
    bot = arrange.bot(connection)
    ended(connection, bot, "sent", 31)
    ended(connection, bot, "sent", 40)
    connection.execute(
        "update platform.outbox set chat_id = -1001900000001 where id = %s", (ended(connection, bot, "sent", 31),)
    )
    connection.execute("update platform.outbox set chat_id = 5002 where id = %s", (ended(connection, bot, "dead", 91),))

    async with database.connection() as own:
        assert await messages.delete_messages(own, time.monotonic() + 60, 100) == (4, None)

    assert rows(connection, "select bot_id, chat_id from platform.starts") == [{"bot_id": bot, "chat_id": 5001}]


@pytest.mark.parametrize("batch_rows", [2, 5000])
async def test_messages_leave_by_how_and_when_they_ended(
    database: Database, connection: Connection, batch_rows: int
) -> None:
    bot = arrange.bot(connection)
    for state, days in (("sent", 31), ("cancelled", 31), ("dead", 91), ("unknown", 91)):
        ended(connection, bot, state, days)
    kept = [
        ended(connection, bot, "queued", 200),
        ended(connection, bot, "dead", 89),
        ended(connection, bot, "unknown", 89),
        ended(connection, bot, "sent", 1, queued_days=60),  # redriven long after
        ended(connection, bot, "sent", 29),
        ended(connection, bot, "cancelled", 29),
    ]

    assert await retention.run(database, 10, batch_rows) == {"done": 4, "remaining": 0}
    assert [row["id"] for row in rows(connection, "select id from platform.outbox order by id")] == kept
    assert [row["outbox_id"] for row in rows(connection, "select outbox_id from platform.outbox_attempts")] == kept


async def test_what_there_is_no_time_for_is_counted(database: Database, connection: Connection) -> None:
    bot = arrange.bot(connection)
    for state, days in (("sent", 31), ("dead", 91), ("dead", 31)):
        ended(connection, bot, state, days)

    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 2}


async def test_young_messages_are_not_walked_through(database: Database, connection: Connection) -> None:
    """The end is where everything is young: a batch that begins there would find nothing more."""
    bot = arrange.bot(connection)
    ended(connection, bot, "sent", 31)
    for _ in range(20):
        ended(connection, bot, "sent", 1)
    ended(connection, bot, "sent", 31)  # out of order, as no real row is: it proves that nobody came so far

    async with database.connection() as handle:
        assert await messages.delete_messages(handle, float("inf"), batch_rows=5) == (1, None)


async def test_a_message_that_is_redriven_meanwhile_stays(database: Database, connection: Connection) -> None:
    number = ended(connection, arrange.bot(connection), "dead", 100)
    async with database.connection() as handle:
        with connection.transaction():
            connection.execute("update platform.outbox set state = 'queued', finished_at = null")
            deleting = asyncio.create_task(messages.delete_messages(handle, float("inf"), 10))
            while not rows(connection, WAITS):
                await asyncio.sleep(0.02)
                assert not deleting.done()
        assert await deleting == (0, None)
    assert rows(connection, "select id from platform.outbox") == [{"id": number}]


@pytest.mark.parametrize("batch_rows", [1, 5000])
async def test_lanes_leave_when_nobody_needs_them(database: Database, connection: Connection, batch_rows: int) -> None:
    bot = arrange.bot(connection)
    lane(connection, bot, "1")
    lane(connection, bot, "1#kind", "1")
    lane(connection, bot, "2", days=6)
    lane(connection, bot, "3")  # paces the next
    lane(connection, bot, "3/7", "3", days=6)
    lane(connection, bot, "4", head_due="now")
    lane(connection, bot, "5", blocked_at="now", blocked_class="blocked")
    lane(connection, bot, "6", lease="00000000-0000-0000-0000-000000000001")

    report = await retention.run(database, 10, batch_rows)

    assert report["done"] == 2
    assert lanes(connection) == ["2", "3", "3/7", "4", "5", "6"]


async def test_a_lane_whose_head_was_forgotten_stays_to_be_repaired(database: Database, connection: Connection) -> None:
    bot = arrange.bot(connection)
    ended(connection, bot, "queued", 1)
    lane(connection, bot, "5001")

    assert (await retention.run(database, 10))["done"] == 0
    assert lanes(connection) == ["5001"]


@pytest.mark.parametrize("known", [True, False])
async def test_an_enqueue_that_is_under_way_keeps_its_lanes(
    database: Database, connection: Connection, direct_url: str, *, known: bool
) -> None:
    """It has locked the kind's lane, or made it, and counts on the chat's, which it has not locked."""
    bot = arrange.bot(connection)
    lane(connection, bot, "5001")
    if known:
        lane(connection, bot, f"5001#{NO_MENTOR.name}", "5001")
    past_the_pooler = Database(direct_url)
    async with past_the_pooler.transaction() as writing:
        await enqueue(writing, [Message(bot, NO_MENTOR, "test/1", {"text": "x"}, "c" * 32, chat_id=5001)])
        assert await messages.delete_lanes(database, float("inf"), 100) == 0
    await past_the_pooler.close()
    assert lanes(connection) == ["5001", f"5001#{NO_MENTOR.name}"]


async def test_an_enqueue_that_comes_to_a_lane_as_it_leaves_makes_it_anew(
    database: Database, connection: Connection, direct_url: str
) -> None:
    bot = arrange.bot(connection)
    lane(connection, bot, "5001")
    with psycopg.connect(direct_url) as housekeeping:
        housekeeping.execute("delete from platform.lanes")
        enqueueing = asyncio.create_task(_enqueue(database, bot))
        while not rows(connection, WAITS):
            await asyncio.sleep(0.02)
            assert not enqueueing.done()
    await enqueueing

    assert rows(connection, "select lane, head_due is not null as full from platform.lanes") == [
        {"lane": "5001", "full": True}
    ]


async def _enqueue(database: Database, bot: int) -> None:
    async with database.transaction() as writing:
        await enqueue(writing, [Message(bot, ANSWER_TO_LESSON, "test/2", {"text": "x"}, "c" * 32, chat_id=5001)])


async def test_audits_leave_after_a_year(database: Database, connection: Connection) -> None:
    connection.execute(
        "insert into platform.outbox_audits (at, actor, action, selection, outbox_ids)"
        " select now() - make_interval(days => d), 'somebody', 'redrive', '{}', '{1}' from unnest(array[364, 400]) d"
    )

    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 1}
    assert await retention.run(database, 10) == {"done": 1, "remaining": 0}


async def test_housekeeping_rests_between_batches_but_not_beyond_its_end() -> None:
    began = time.monotonic() - 1000
    await rest(began, time.monotonic())
