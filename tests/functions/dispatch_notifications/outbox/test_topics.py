"""Topics that have to be created, vanish, are closed, or may not be created."""

from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from infra.sandbox.telegram.state import Chat
from shared.database.pool import Database
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    all_tick,
    arrived,
    asked,
    bring_forward,
    hand_over,
    message,
    patient_bot,
    row,
    several,
    states,
)

FORUM = -1_001_500_000_401
TOPIC = Topic("support/conversation/7", "Вера")
ASIDE = Kind("support/aside", ordered=False)
NO_RIGHTS = "Bad Request: not enough rights to create a topic"

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


def the_forum(telegram: SandboxServer) -> Chat:
    return telegram.telegram.chats[(0, FORUM)]


def threads(telegram: SandboxServer) -> list[tuple[str, int | None]]:
    """The texts in the forum with their threads, as they lie there now."""
    lying = the_forum(telegram).messages.values()
    return [(one["text"], one.get("message_thread_id")) for one in lying if "text" in one]


async def a_topic(database: Database, dispatcher: Dispatcher, telegram: SandboxServer, bot: int) -> int:
    """The thread of a topic that a first message has created."""
    await hand_over(database, message(bot, "first", FORUM, topic=TOPIC))
    await dispatcher.tick()
    [thread] = the_forum(telegram).topics
    return thread


async def test_five_messages_at_once_for_a_new_topic_create_it_once_and_lie_in_it_in_order(
    bot: int, database_url: str, database: Database, telegram: SandboxServer, printed: Path
) -> None:
    telegram.telegram.faults.add(method="createForumTopic", times=1, delay_s=0.7)
    keys = [f"message {number}" for number in range(5)]
    for key in keys:
        await hand_over(database, message(bot, key, FORUM, topic=TOPIC))

    with several(3, database_url, telegram, printed) as dispatchers:
        await all_tick(dispatchers)

    assert asked(telegram, "createForumTopic", FORUM) == 1
    [thread] = the_forum(telegram).topics
    assert threads(telegram) == [(key, thread) for key in keys]
    assert the_forum(telegram).topics[thread].name == TOPIC.name


async def test_a_topic_that_was_deleted_is_created_once_more_and_what_waited_lies_in_it(
    connection: Plain, bot: int, database_url: str, database: Database, telegram: SandboxServer, printed: Path
) -> None:
    with several(3, database_url, telegram, printed) as dispatchers:
        former = await a_topic(database, dispatchers[0], telegram, bot)
        del the_forum(telegram).topics[former]
        telegram.telegram.latency = 0.1  # the messages aside find it gone at the same time
        keys = [f"message {number}" for number in range(5)]
        aside = [f"aside {number}" for number in range(3)]
        await hand_over(database, *(message(bot, key, FORUM, topic=TOPIC) for key in keys))
        for number, key in enumerate(aside):
            await hand_over(
                database, message(bot, key, FORUM, topic=TOPIC, kind=Kind(f"support/aside-{number}", ordered=False))
            )
        await all_tick(dispatchers, seconds=20)

    assert asked(telegram, "createForumTopic", FORUM) == 2
    [thread] = the_forum(telegram).topics
    assert thread != former
    resent = [(text, where) for text, where in threads(telegram) if text != "first"]
    assert [one for one in resent if one[0] in keys] == [(key, thread) for key in keys]
    assert sorted(one for one in resent if one[0] in aside) == [(key, thread) for key in aside]
    [topic] = connection.execute("select thread_id, generation from platform.topics").fetchall()
    assert topic == {"thread_id": thread, "generation": 2}
    assert all(row(connection, key)["attempt"] <= 2 for key in keys)


async def test_a_topic_that_vanishes_again_and_again_is_created_again_each_time(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    for number in range(1, 4):
        await hand_over(database, message(bot, f"message {number}", FORUM, topic=TOPIC))
        await dispatcher.tick(seconds=2)
        assert asked(telegram, "createForumTopic", FORUM) == number
        the_forum(telegram).topics.clear()

    assert states(connection, "message 1", "message 2", "message 3") == ["sent"] * 3


async def test_a_closed_topic_is_opened_again_before_the_message(
    bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    thread = await a_topic(database, dispatcher, telegram, bot)
    the_forum(telegram).topics[thread].closed = True

    await hand_over(database, *(message(bot, key, FORUM, topic=TOPIC) for key in ("one", "two")))
    await dispatcher.tick()

    assert threads(telegram)[1:] == [("one", thread), ("two", thread)]
    assert asked(telegram, "reopenForumTopic", FORUM) == 1
    assert asked(telegram, "createForumTopic", FORUM) == 1


async def test_a_topic_that_cannot_be_opened_again_ends_its_messages_and_no_others(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    thread = await a_topic(database, dispatcher, telegram, bot)
    the_forum(telegram).topics[thread].closed = True
    telegram.telegram.faults.add(method="reopenForumTopic", times=-1, status=400,
                                 description="Bad Request: not enough rights to manage topics")  # fmt: skip

    await hand_over(database, message(bot, "one", FORUM, topic=TOPIC), message(bot, "general", FORUM))
    await dispatcher.tick()

    assert row(connection, "one")["error_class"] == "topic_closed"
    assert states(connection, "one", "general") == ["dead", "sent"]
    assert asked(telegram, "reopenForumTopic", FORUM) == 1


async def test_a_topic_that_may_not_be_created_ends_its_messages_in_time_and_no_others(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="createForumTopic", times=-1, status=400, description=NO_RIGHTS)
    keys = ["one", "two", "three"]
    await hand_over(database, *(message(bot, key, FORUM, topic=TOPIC) for key in keys), message(bot, "general", FORUM))
    await hand_over(database, message(bot, "another chat", FORUM - 1))
    await dispatcher.tick(seconds=2)
    assert states(connection, "general", "another chat") == ["sent", "sent"]

    for _ in range(30):
        bring_forward(connection)
        await dispatcher.tick(seconds=0.3)
        if set(states(connection, *keys)) == {"dead"}:
            break

    assert set(states(connection, *keys)) == {"dead"}
    assert {row(connection, key)["error_class"] for key in keys} == {"exhausted"}
    assert arrived(telegram, FORUM) == ["general"], "never into General"
    assert asked(telegram, "createForumTopic", FORUM) <= 8 * len(keys)
    asked_before = asked(telegram, "createForumTopic", FORUM)
    bring_forward(connection)
    await dispatcher.tick(seconds=0.5)
    assert asked(telegram, "createForumTopic", FORUM) <= asked_before + 1


async def test_once_the_right_is_given_new_messages_and_those_that_still_wait_arrive(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="createForumTopic", times=-1, status=400, description=NO_RIGHTS)
    await hand_over(database, message(bot, "one", FORUM, topic=TOPIC))
    await dispatcher.tick(seconds=2)
    assert row(connection, "one")["state"] == "queued"
    telegram.telegram.faults.waiting.clear()

    await hand_over(database, message(bot, "two", FORUM, topic=TOPIC))
    for _ in range(3):
        bring_forward(connection)
        await dispatcher.tick(seconds=2)

    [thread] = the_forum(telegram).topics
    assert threads(telegram) == [("one", thread), ("two", thread)]


async def test_messages_aside_wait_for_the_topic_without_creating_another(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="createForumTopic", times=1, delay_s=1)

    await hand_over(database, message(bot, "aside", FORUM, topic=TOPIC, kind=ASIDE))
    await dispatcher.tick(seconds=15)

    assert asked(telegram, "createForumTopic", FORUM) == 1
    [thread] = the_forum(telegram).topics
    assert threads(telegram) == [("aside", thread)]
    assert states(connection, "aside") == ["sent"]
