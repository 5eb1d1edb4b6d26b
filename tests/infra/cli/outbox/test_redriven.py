"""What is sent again arrives: after a block, in all its parts, in its topic."""

import asyncio

import pytest

from infra.sandbox.server import running
from shared.database.pool import Database
from shared.delivery.enqueue import Message, Topic, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON, Kind
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.outbox.ended_messages import WAITING, Connection, aside, changed, dispatch, lane, message

WAITS = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


async def test_a_redrive_waits_for_whoever_is_enqueueing_into_the_lane(
    carillon: Carillon, connection: Connection, direct_url: str
) -> None:
    """Otherwise one of the two would overwrite the lane's head."""
    bot = arrange.bot(connection)
    dead = message(connection, bot)
    lane(connection, bot)
    past_the_pooler = Database(direct_url)
    async with past_the_pooler.transaction() as writing:
        later = Message(bot, ANSWER_TO_LESSON, "test/later", {"text": "x"}, "c" * 32, chat_id=5001, delay_seconds=900)
        await enqueue(writing, [later])
        redriving = asyncio.create_task(aside(carillon, "outbox", "redrive", str(dead), "--yes", "--json"))
        while not rows(connection, WAITS):
            await asyncio.sleep(0.02)
            assert not redriving.done()

    await past_the_pooler.close()

    assert changed(await redriving) == [dead]
    (head,) = rows(connection, "select due_at, id from platform.outbox order by created_at limit 1")
    assert head["id"] == dead
    assert rows(connection, "select head_due from platform.lanes") == [{"head_due": head["due_at"]}]


async def test_what_a_blocked_chat_missed_arrives(
    carillon: Carillon, connection: Connection, database: Database, database_url: str
) -> None:
    bot = arrange.bot(connection)
    message(connection, bot)
    lane(connection, bot, blocked_at="now", blocked_class="blocked", next_at="now")

    async with running() as telegram:
        await aside(carillon, "outbox", "redrive", "--class", "blocked", "--yes")
        await dispatch(database, database_url, telegram)

        assert len(telegram.telegram.journal.find(method="sendMessage")) == 1
    assert [row["state"] for row in rows(connection, WAITING)] == ["sent"]


async def test_all_parts_of_a_long_message_arrive_in_order(
    carillon: Carillon, connection: Connection, database: Database, database_url: str
) -> None:
    bot = arrange.bot(connection, private_pace="0 seconds")
    text = " ".join(f"word{number}" for number in range(1200))
    async with database.transaction() as writing:
        message = Message(bot, ANSWER_TO_LESSON, "test/long", {"text": text}, "c" * 32, chat_id=5001)
        await enqueue(writing, [message])
    connection.execute("update platform.outbox set state = 'dead', finished_at = now(), error_class = 'exhausted'")
    connection.execute("delete from platform.lanes")

    async with running() as telegram:
        await aside(carillon, "outbox", "redrive", "--class", "exhausted", "--yes")
        await dispatch(database, database_url, telegram)
        sent = [call.params["text"] for call in telegram.telegram.journal.find(method="sendMessage")]

    assert len(sent) == 3
    assert " ".join(sent) == text


@pytest.mark.slow  # the message waits five seconds for its topic
async def test_a_topic_that_was_never_created_is_created_by_the_message_that_is_sent_again(
    carillon: Carillon, connection: Connection, database: Database, database_url: str
) -> None:
    bot = arrange.bot(connection, group_pace="0 seconds")
    kind = Kind("getcourse/test")
    async with database.transaction() as writing:
        message = Message(
            bot, kind, "test/topic", {"text": "x"}, "c" * 32, chat_id=-1004100000001, topic=Topic("help/7", "Help")
        )
        await enqueue(writing, [message])
    connection.execute("update platform.outbox set state = 'dead', finished_at = now(), error_class = 'exhausted'")
    connection.execute("delete from platform.lanes")

    async with running() as telegram:
        ran = await aside(carillon, "outbox", "redrive", "--class", "exhausted", "--yes")
        await dispatch(database, database_url, telegram)
        (sent,) = telegram.telegram.journal.find(method="sendMessage")

    assert "1 message left: a topic's creation" in ran.out
    (topic,) = rows(connection, "select thread_id from platform.topics")
    assert sent.params["message_thread_id"] == topic["thread_id"]
