"""Topics that have to be created, vanish, are closed, or may not be created."""

import psycopg
from psycopg.rows import DictRow

from infra.sandbox.telegram.models import Chat
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import Delivery, all_tick

FORUM = -1_001_500_000_401
TOPIC = Topic("support/conversation/7", "Вера")
ASIDE = Kind("support/aside", ordered=False)

Plain = psycopg.Connection[DictRow]


def the_forum(delivery: Delivery) -> Chat:
    return delivery.telegram.telegram.chats[(0, FORUM)]


def threads(delivery: Delivery) -> list[tuple[str, int | None]]:
    """The texts in the forum with their threads, as they lie there now."""
    lying = the_forum(delivery).messages.values()
    return [(message["text"], message.get("message_thread_id")) for message in lying if "text" in message]


async def a_topic(delivery: Delivery) -> int:
    """The thread of a topic that a first message has created."""
    await delivery.enqueue(delivery.message("first", FORUM, topic=TOPIC))
    await delivery.tick()
    [thread] = the_forum(delivery).topics
    return thread


async def test_five_messages_at_once_for_a_new_topic_create_it_once_and_lie_in_it_in_order(delivery: Delivery) -> None:
    delivery.fault("createForumTopic", times=1, delay_s=0.7)
    keys = [f"message {number}" for number in range(5)]
    for key in keys:
        await delivery.enqueue(delivery.message(key, FORUM, topic=TOPIC))

    dispatchers = delivery.dispatchers(3)
    await all_tick(dispatchers)

    assert delivery.requests("createForumTopic", FORUM) == 1
    [thread] = the_forum(delivery).topics
    assert threads(delivery) == [(key, thread) for key in keys]
    assert the_forum(delivery).topics[thread].name == TOPIC.name


async def test_a_topic_that_was_deleted_is_created_once_more_and_what_waited_lies_in_it(delivery: Delivery) -> None:
    dispatchers = delivery.dispatchers(3)
    former = await a_topic(delivery)
    del the_forum(delivery).topics[former]
    delivery.telegram.telegram.latency = 0.1  # the messages aside find it gone at the same time
    keys = [f"message {number}" for number in range(5)]
    aside = [f"aside {number}" for number in range(3)]
    await delivery.enqueue(*(delivery.message(key, FORUM, topic=TOPIC) for key in keys))
    for number, key in enumerate(aside):
        await delivery.enqueue(
            delivery.message(key, FORUM, topic=TOPIC, kind=Kind(f"support/aside-{number}", ordered=False))
        )
    await all_tick(dispatchers, seconds=20)

    assert delivery.requests("createForumTopic", FORUM) == 2
    [thread] = the_forum(delivery).topics
    assert thread != former
    resent = [(text, where) for text, where in threads(delivery) if text != "first"]
    assert [pair for pair in resent if pair[0] in keys] == [(key, thread) for key in keys]
    assert sorted(pair for pair in resent if pair[0] in aside) == [(key, thread) for key in aside]
    [topic] = delivery.rows("select thread_id, generation from platform.topics")
    assert topic == {"thread_id": thread, "generation": 2}
    assert all(delivery.row(key)["attempt"] <= 2 for key in keys)


async def test_a_topic_that_vanishes_again_and_again_is_created_again_each_time(delivery: Delivery) -> None:
    for number in range(1, 4):
        await delivery.enqueue(delivery.message(f"message {number}", FORUM, topic=TOPIC))
        await delivery.tick(seconds=2)
        assert delivery.requests("createForumTopic", FORUM) == number
        the_forum(delivery).topics.clear()

    assert delivery.states("message 1", "message 2", "message 3") == ["sent"] * 3


async def test_a_closed_topic_is_opened_again_before_the_message(delivery: Delivery) -> None:
    thread = await a_topic(delivery)
    the_forum(delivery).topics[thread].closed = True
    # Whoever may open a topic may write into it, too, says the server's source; nobody has seen it live.
    delivery.fault("sendMessage", times=1, status=400, description="Bad Request: TOPIC_CLOSED")

    await delivery.enqueue(*(delivery.message(key, FORUM, topic=TOPIC) for key in ("one", "two")))
    await delivery.tick()

    assert threads(delivery)[1:] == [("one", thread), ("two", thread)]
    assert delivery.requests("reopenForumTopic", FORUM) == 1
    assert delivery.requests("createForumTopic", FORUM) == 1


async def test_a_topic_that_cannot_be_opened_again_lets_its_messages_wait_and_no_others(delivery: Delivery) -> None:
    thread = await a_topic(delivery)
    the_forum(delivery).topics[thread].closed, the_forum(delivery).topics[thread].made_by = True, 0
    the_forum(delivery).bot_status = "member"
    delivery.fault("reopenForumTopic", times=-1, status=400,
                                 description="Bad Request: not enough rights to manage topics")  # fmt: skip

    await delivery.enqueue(delivery.message("one", FORUM, topic=TOPIC), delivery.message("general", FORUM))
    await delivery.tick(seconds=3)
    delivery.bring_forward()
    await delivery.tick(seconds=3)

    assert (delivery.row("one")["error_class"], delivery.row("one")["attempt"]) == ("closed_topic", 0)
    assert delivery.states("one", "general") == ["queued", "sent"]
    assert delivery.requests("reopenForumTopic", FORUM) == 1

    the_forum(delivery).topics[thread].closed = False
    delivery.bring_forward()
    await delivery.tick(seconds=3)
    assert threads(delivery)[1:] == [("general", None), ("one", thread)]


async def test_messages_aside_wait_for_the_topic_without_creating_another(delivery: Delivery) -> None:
    delivery.fault("createForumTopic", times=1, delay_s=1)

    await delivery.enqueue(delivery.message("aside", FORUM, topic=TOPIC, kind=ASIDE))
    await delivery.tick(seconds=15)

    assert delivery.requests("createForumTopic", FORUM) == 1
    [thread] = the_forum(delivery).topics
    assert threads(delivery) == [("aside", thread)]
    assert delivery.states("aside") == ["sent"]
