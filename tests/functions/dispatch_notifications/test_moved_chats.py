"""A group becomes a supergroup: everything follows, once, and what waits arrives there in order."""

import asyncio

import psycopg
from psycopg.rows import DictRow

from shared.delivery import chats
from shared.delivery.enqueue import Topic
from tests.functions.dispatch_notifications.delivery import Delivery, all_tick
from tests.helpers import arrange
from tests.helpers.waiting import until

GROUP = -500_000_301
FORUM = -1_001_500_000_300
SUPERGROUP = -1_001_500_000_301
TOPIC = Topic("support/conversation/7", "Вера")

Plain = psycopg.Connection[DictRow]


def the_group_moves(delivery: Delivery) -> None:
    delivery.telegram.telegram.configure(GROUP, None, {"migrated_to": SUPERGROUP})


def slowly_refused(delivery: Delivery, method: str) -> None:
    """The next call into the group hears only after seconds that the group has moved."""
    delivery.fault(method, chat_id=GROUP, times=1, delay_s=2.5, status=400,
                                 description="Bad Request: group chat was upgraded to a supergroup chat",
                                 parameters={"migrate_to_chat_id": SUPERGROUP})  # fmt: skip


async def test_everything_that_pointed_to_the_group_follows_it(delivery: Delivery) -> None:
    the_group_moves(delivery)
    delivery.set_bot(alert_chat_id=GROUP)
    arrange.source(delivery.connection, admin_chat_id=GROUP)
    delivery.connection.execute(
        "insert into platform.topics (bot_id, chat_id, key, name, thread_id) values (%s, %s, 'a', 'A', 5)",
        (delivery.bot, GROUP),
    )
    await delivery.enqueue(delivery.message("one", GROUP))

    await delivery.tick()

    for place in ("platform.bots.alert_chat_id", "platform.webhook_sources.admin_chat_id", "platform.topics.chat_id"):
        table, _, column = place.rpartition(".")
        [found] = delivery.rows(f"select {column} as chat from {table}")
        assert found["chat"] == SUPERGROUP, place
    sent = delivery.row("one")
    assert (sent["state"], sent["chat_id"], sent["lane"]) == ("sent", SUPERGROUP, str(SUPERGROUP))
    assert delivery.rows("select bot_id, chat_id, new_chat_id from platform.chat_moves") == [
        {"bot_id": delivery.bot, "chat_id": GROUP, "new_chat_id": SUPERGROUP}
    ]


async def test_what_was_changed_after_the_move_is_not_changed_again(delivery: Delivery) -> None:
    """A late message of the same move must not undo what an administrator did since."""
    for _ in range(2):
        delivery.set_bot(alert_chat_id=GROUP)
        async with delivery.database.transaction() as transaction:
            await chats.move(transaction, delivery.bot, GROUP, SUPERGROUP)

    [found] = delivery.rows("select alert_chat_id from platform.bots")
    assert found["alert_chat_id"] == GROUP


async def test_what_waits_in_the_group_and_its_threads_arrives_in_the_supergroup_in_order(delivery: Delivery) -> None:
    the_group_moves(delivery)
    delivery.telegram.telegram.configure(SUPERGROUP, None, {"is_forum": True})
    keys = [f"message {number}" for number in range(6)]
    await delivery.enqueue(*(delivery.message(key, GROUP) for key in keys))
    await delivery.enqueue(*(delivery.message(f"topic {number}", GROUP, topic=TOPIC) for number in range(3)))

    await delivery.tick()

    everything = delivery.sent(SUPERGROUP)
    assert [text for text in everything if text in keys] == keys
    assert [text for text in everything if text not in keys] == ["topic 0", "topic 1", "topic 2"]
    assert delivery.sent(GROUP) == []
    assert delivery.requests("createForumTopic", SUPERGROUP) == 1
    left = delivery.rows("select from platform.lanes where head_due is not null")
    assert left == []


async def test_dispatchers_that_find_out_at_once_lose_nothing_and_keep_the_order(delivery: Delivery) -> None:
    the_group_moves(delivery)
    threads = range(2, 8)
    for number in range(4):
        await delivery.enqueue(
            delivery.message(f"main {number}", GROUP),
            *(delivery.message(f"{number} in {thread}", GROUP, topic=Topic(f"t/{thread}", "Т")) for thread in threads),
        )
    dispatchers = delivery.dispatchers(2)
    await all_tick(dispatchers)

    everything = delivery.sent(SUPERGROUP)
    for thread in threads:
        wanted = [f"{number} in {thread}" for number in range(4)]
        assert [text for text in everything if text.endswith(f" in {thread}")] == wanted
    assert [text for text in everything if text.startswith("main")] == [f"main {number}" for number in range(4)]
    assert len(everything) == 4 * (len(threads) + 1)
    assert delivery.requests("createForumTopic", SUPERGROUP) == len(threads)
    assert delivery.rows("select state from platform.outbox where state <> 'sent'") == []


async def test_what_hears_of_a_move_is_not_asked_again_before_the_move_is_written_down(
    delivery: Delivery, direct_url: str
) -> None:
    """Two dispatchers that take the message from each other use up its tries within half a second."""
    the_group_moves(delivery)
    await delivery.enqueue(delivery.message("elsewhere", GROUP - 1))
    [first, second] = delivery.dispatchers(2)
    with psycopg.connect(direct_url) as lock:
        await all_tick([first, second])
        await delivery.enqueue(delivery.message("one", GROUP), delivery.message("two", GROUP))
        lock.execute("lock table platform.chat_moves in share row exclusive mode")
        runs = [asyncio.create_task(first.tick())]
        await until(lambda: delivery.requests(chat=GROUP))
        await asyncio.sleep(0.2)
        runs.append(asyncio.create_task(second.tick()))
        await asyncio.sleep(0.4)
        assert delivery.requests(chat=GROUP) == 1
        lock.rollback()
        await asyncio.gather(*runs)

    assert delivery.states("one", "two") == ["sent", "sent"]
    assert delivery.sent(SUPERGROUP) == ["one", "two"]


async def test_a_move_that_is_heard_of_while_a_message_is_on_its_way_keeps_the_order(delivery: Delivery) -> None:
    """Telegram tells the bot of the move by a message of its own, too."""
    slowly_refused(delivery, "sendMessage")
    keys = ["one", "two", "three"]
    await delivery.enqueue(*(delivery.message(key, GROUP) for key in keys))
    run = asyncio.create_task(delivery.tick())
    await until(lambda: delivery.states(*keys) == ["sending", "queued", "queued"])

    the_group_moves(delivery)
    async with delivery.database.transaction() as transaction:
        await chats.move(transaction, delivery.bot, GROUP, SUPERGROUP)
    await run

    assert delivery.sent(SUPERGROUP) == keys


async def test_a_message_for_a_topic_whose_dispatcher_died_before_the_move_arrives(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("one", FORUM, topic=TOPIC))
    await delivery.tick()
    await delivery.enqueue(delivery.message("two", FORUM, topic=TOPIC))
    delivery.connection.execute(
        "update platform.outbox set state = 'sending', attempt_id = gen_random_uuid(), attempt = 1,"
        " send_started_at = clock_timestamp() - interval '2 minutes' where dedup_key = 'two'"
    )

    delivery.telegram.telegram.configure(FORUM, None, {"migrated_to": SUPERGROUP})
    async with delivery.database.transaction() as transaction:
        await chats.move(transaction, delivery.bot, FORUM, SUPERGROUP)
    for _ in range(9):
        await delivery.tick(seconds=1)
        delivery.bring_forward()

    assert delivery.row("two")["state"] == "sent"


async def test_a_topic_that_is_being_created_while_the_group_moves_is_created_once(delivery: Delivery) -> None:
    slowly_refused(delivery, "createForumTopic")
    await delivery.enqueue(delivery.message("one", GROUP, topic=TOPIC), delivery.message("two", GROUP, topic=TOPIC))
    run = asyncio.create_task(delivery.tick(seconds=15))
    await until(
        lambda: delivery.connection.execute(
            "select id from platform.outbox where method = 'createForumTopic' and state = 'sending'"
        ).fetchone()
    )

    the_group_moves(delivery)
    async with delivery.database.transaction() as transaction:
        await chats.move(transaction, delivery.bot, GROUP, SUPERGROUP)
    await run

    assert delivery.requests("createForumTopic", SUPERGROUP) == 1
    assert delivery.sent(SUPERGROUP) == ["one", "two"]


async def test_a_message_with_the_old_id_finds_the_topic_that_moved(delivery: Delivery) -> None:
    the_group_moves(delivery)
    await delivery.enqueue(delivery.message("one", GROUP, topic=TOPIC))
    await delivery.tick()

    await delivery.enqueue(delivery.message("two", GROUP, topic=TOPIC))
    await delivery.tick()

    assert delivery.sent(SUPERGROUP) == ["one", "two"]
    assert delivery.requests("createForumTopic", SUPERGROUP) == 1


async def test_a_topic_that_exists_in_the_new_chat_already_does_not_stop_the_run(delivery: Delivery) -> None:
    """Somebody wrote the new id into a setting before the bot heard of the move."""
    the_group_moves(delivery)
    for chat in (GROUP, SUPERGROUP):
        delivery.connection.execute(
            "insert into platform.topics (bot_id, chat_id, key, name) values (%s, %s, %s, 'Вера')",
            (delivery.bot, chat, TOPIC.key),
        )
    await delivery.enqueue(delivery.message("one", GROUP), delivery.message("another chat", GROUP - 1))

    await delivery.tick(seconds=10)

    assert delivery.states("one", "another chat") == ["sent", "sent"]
