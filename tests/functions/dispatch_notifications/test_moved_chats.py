"""A group becomes a supergroup: everything follows, once, and what waits arrives there in order."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery import chats
from shared.delivery.enqueue import Topic
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
    until,
)
from tests.helpers import arrange

GROUP = -500_000_301
FORUM = -1_001_500_000_300
SUPERGROUP = -1_001_500_000_301
TOPIC = Topic("support/conversation/7", "Вера")

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


def the_group_moves(telegram: SandboxServer) -> None:
    telegram.telegram.configure(GROUP, None, {"migrated_to": SUPERGROUP})


def slowly_refused(telegram: SandboxServer, method: str) -> None:
    """The next call into the group hears only after seconds that the group has moved."""
    telegram.telegram.faults.add(method=method, chat_id=GROUP, times=1, delay_s=2.5, status=400,
                                 description="Bad Request: group chat was upgraded to a supergroup chat",
                                 parameters={"migrate_to_chat_id": SUPERGROUP})  # fmt: skip


async def test_everything_that_pointed_to_the_group_follows_it(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    the_group_moves(telegram)
    connection.execute("update platform.bots set alert_chat_id = %s", (GROUP,))
    arrange.source(connection, admin_chat_id=GROUP)
    connection.execute(
        "insert into platform.topics (bot_id, chat_id, key, name, thread_id) values (%s, %s, 'a', 'A', 5)", (bot, GROUP)
    )
    await hand_over(database, message(bot, "one", GROUP))

    await dispatcher.tick()

    for place in ("platform.bots.alert_chat_id", "platform.webhook_sources.admin_chat_id", "platform.topics.chat_id"):
        table, _, column = place.rpartition(".")
        [found] = connection.execute(f"select {column} as chat from {table}").fetchall()
        assert found["chat"] == SUPERGROUP, place
    sent = row(connection, "one")
    assert (sent["state"], sent["chat_id"], sent["lane"]) == ("sent", SUPERGROUP, str(SUPERGROUP))
    assert connection.execute("select old_chat_id, new_chat_id from platform.chat_moves").fetchall() == [
        {"old_chat_id": GROUP, "new_chat_id": SUPERGROUP}
    ]


async def test_what_was_changed_after_the_move_is_not_changed_again(connection: Plain, database: Database) -> None:
    """A late message of the same move must not undo what an administrator did since."""
    patient_bot(connection)
    for _ in range(2):
        async with database.transaction() as transaction:
            await chats.move(transaction, GROUP, SUPERGROUP)
        connection.execute("update platform.bots set alert_chat_id = %s", (GROUP,))

    [found] = connection.execute("select alert_chat_id from platform.bots").fetchall()
    assert found["alert_chat_id"] == GROUP


async def test_what_waits_in_the_group_and_its_threads_arrives_in_the_supergroup_in_order(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    the_group_moves(telegram)
    telegram.telegram.configure(SUPERGROUP, None, {"is_forum": True})
    keys = [f"message {number}" for number in range(6)]
    await hand_over(database, *(message(bot, key, GROUP) for key in keys))
    await hand_over(database, *(message(bot, f"topic {number}", GROUP, topic=TOPIC) for number in range(3)))

    await dispatcher.tick()

    everything = arrived(telegram, SUPERGROUP)
    assert [text for text in everything if text in keys] == keys
    assert [text for text in everything if text not in keys] == ["topic 0", "topic 1", "topic 2"]
    assert arrived(telegram, GROUP) == []
    assert asked(telegram, "createForumTopic", SUPERGROUP) == 1
    left = connection.execute("select from platform.lanes where head_due is not null").fetchall()
    assert left == []


async def test_dispatchers_that_find_out_at_once_lose_nothing_and_keep_the_order(
    connection: Plain, database_url: str, bot: int, database: Database, telegram: SandboxServer, printed: Path
) -> None:
    the_group_moves(telegram)
    threads = range(2, 8)
    for number in range(4):
        await hand_over(
            database,
            message(bot, f"main {number}", GROUP),
            *(message(bot, f"{number} in {thread}", GROUP, topic=Topic(f"t/{thread}", "Т")) for thread in threads),
        )
    with several(2, database_url, telegram, printed) as dispatchers:
        await all_tick(dispatchers)

    everything = arrived(telegram, SUPERGROUP)
    for thread in threads:
        wanted = [f"{number} in {thread}" for number in range(4)]
        assert [text for text in everything if text.endswith(f" in {thread}")] == wanted
    assert [text for text in everything if text.startswith("main")] == [f"main {number}" for number in range(4)]
    assert len(everything) == 4 * (len(threads) + 1)
    assert asked(telegram, "createForumTopic", SUPERGROUP) == len(threads)
    assert connection.execute("select state from platform.outbox where state <> 'sent'").fetchall() == []


async def test_what_hears_of_a_move_is_not_asked_again_before_the_move_is_written_down(
    connection: Plain, direct_url: str, database_url: str, bot: int, database: Database, telegram: SandboxServer,
    printed: Path,
) -> None:  # fmt: skip
    """Two dispatchers that take the message from each other use up its tries within half a second."""
    the_group_moves(telegram)
    await hand_over(database, message(bot, "elsewhere", GROUP - 1))
    with several(2, database_url, telegram, printed) as [first, second], psycopg.connect(direct_url) as lock:
        await all_tick([first, second])
        await hand_over(database, message(bot, "one", GROUP), message(bot, "two", GROUP))
        lock.execute("lock table platform.chat_moves in share row exclusive mode")
        runs = [asyncio.create_task(first.tick())]
        await until(lambda: asked(telegram, chat=GROUP))
        await asyncio.sleep(0.2)
        runs.append(asyncio.create_task(second.tick()))
        await asyncio.sleep(0.4)
        assert asked(telegram, chat=GROUP) == 1
        lock.rollback()
        await asyncio.gather(*runs)

    assert states(connection, "one", "two") == ["sent", "sent"]
    assert arrived(telegram, SUPERGROUP) == ["one", "two"]


async def test_a_move_that_is_heard_of_while_a_message_is_on_its_way_keeps_the_order(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    """Telegram tells the bot of the move by a message of its own, too."""
    slowly_refused(telegram, "sendMessage")
    keys = ["one", "two", "three"]
    await hand_over(database, *(message(bot, key, GROUP) for key in keys))
    run = asyncio.create_task(dispatcher.tick())
    await until(lambda: states(connection, *keys) == ["sending", "queued", "queued"])

    the_group_moves(telegram)
    async with database.transaction() as transaction:
        await chats.move(transaction, GROUP, SUPERGROUP)
    await run

    assert arrived(telegram, SUPERGROUP) == keys


async def test_a_message_for_a_topic_whose_dispatcher_died_before_the_move_arrives(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "one", FORUM, topic=TOPIC))
    await dispatcher.tick()
    await hand_over(database, message(bot, "two", FORUM, topic=TOPIC))
    connection.execute(
        "update platform.outbox set state = 'sending', attempt_id = gen_random_uuid(), attempt = 1,"
        " send_started_at = clock_timestamp() - interval '2 minutes' where dedup_key = 'two'"
    )

    telegram.telegram.configure(FORUM, None, {"migrated_to": SUPERGROUP})
    async with database.transaction() as transaction:
        await chats.move(transaction, FORUM, SUPERGROUP)
    for _ in range(9):
        await dispatcher.tick(seconds=1)
        bring_forward(connection)

    assert row(connection, "two")["state"] == "sent"


async def test_a_topic_that_is_being_created_while_the_group_moves_is_created_once(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    slowly_refused(telegram, "createForumTopic")
    await hand_over(database, message(bot, "one", GROUP, topic=TOPIC), message(bot, "two", GROUP, topic=TOPIC))
    run = asyncio.create_task(dispatcher.tick(seconds=15))
    await until(
        lambda: connection.execute(
            "select id from platform.outbox where method = 'createForumTopic' and state = 'sending'"
        ).fetchone()
    )

    the_group_moves(telegram)
    async with database.transaction() as transaction:
        await chats.move(transaction, GROUP, SUPERGROUP)
    await run

    assert asked(telegram, "createForumTopic", SUPERGROUP) == 1
    assert arrived(telegram, SUPERGROUP) == ["one", "two"]


async def test_a_message_with_the_old_id_finds_the_topic_that_moved(
    bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    the_group_moves(telegram)
    await hand_over(database, message(bot, "one", GROUP, topic=TOPIC))
    await dispatcher.tick()

    await hand_over(database, message(bot, "two", GROUP, topic=TOPIC))
    await dispatcher.tick()

    assert arrived(telegram, SUPERGROUP) == ["one", "two"]
    assert asked(telegram, "createForumTopic", SUPERGROUP) == 1


async def test_a_topic_that_exists_in_the_new_chat_already_does_not_stop_the_run(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    """Somebody wrote the new id into a setting before the bot heard of the move."""
    the_group_moves(telegram)
    for chat in (GROUP, SUPERGROUP):
        connection.execute(
            "insert into platform.topics (bot_id, chat_id, key, name) values (%s, %s, %s, 'Вера')",
            (bot, chat, TOPIC.key),
        )
    await hand_over(database, message(bot, "one", GROUP), message(bot, "another chat", GROUP - 1))

    await dispatcher.tick(seconds=10)

    assert states(connection, "one", "another chat") == ["sent", "sent"]
