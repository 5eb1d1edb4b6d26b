"""Chats that cannot be written to, that open again, that get another id."""

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.delivery import chats
from shared.delivery.enqueue import Topic
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, Delivery, message

GROUP = -500_000_301
SUPERGROUP = -1_001_500_000_301
TOPIC = Topic("support/conversation/7", "Вера")

Plain = psycopg.Connection[DictRow]


def an_hour_later(delivery: Delivery) -> None:
    delivery.connection.execute("update platform.lanes set blocked_at = blocked_at - interval '61 minutes'")


def blocked(delivery: Delivery, chat: int = CHAT) -> str | None:
    [lane] = delivery.rows("select blocked_class from platform.lanes where lane = %s", str(chat))
    answer: str | None = lane["blocked_class"]
    return answer


@pytest.mark.parametrize(
    ("behaviour", "error_class", "code"),
    [
        ({"blocked": "Forbidden: bot was blocked by the user"}, "blocked", 403),
        ({"known": False}, "chat_not_found", 400),
    ],
)
async def test_a_chat_that_cannot_be_written_to_is_left_alone_for_an_hour_and_then_asked_again(
    delivery: Delivery, behaviour: dict[str, object], error_class: str, code: int
) -> None:
    delivery.telegram.telegram.configure(CHAT, None, behaviour)
    await delivery.enqueue("one", "two", delivery.message("other", OTHER_CHAT))
    await delivery.tick()

    assert delivery.requests() == 1, "the second died without a request"
    assert delivery.states("one", "two", "other") == ["dead", "dead", "sent"]
    assert delivery.row("one")["error_code"] == code
    assert delivery.row("two")["error_class"] == error_class
    assert blocked(delivery) == error_class

    an_hour_later(delivery)
    await delivery.enqueue("three", "four")
    await delivery.tick()

    assert delivery.requests() == 2, "asked once more, and refused"
    assert delivery.states("three", "four") == ["dead", "dead"]


async def test_a_refusal_in_a_thread_closes_the_whole_chat_but_for_one_bot_only(delivery: Delivery) -> None:
    other = delivery.add_bot(name="other", token="7000000002:" + "y" * 35)
    delivery.fault(chat_id=GROUP, times=1, status=403,
                                 description="Forbidden: something new")  # fmt: skip
    await delivery.enqueue(delivery.message("in the thread", GROUP, thread_id=5))
    await delivery.tick()

    await delivery.enqueue(delivery.message("beside it", GROUP), message(other, "by another", GROUP))
    await delivery.tick()

    assert delivery.states("in the thread", "beside it", "by another") == ["dead", "dead", "sent"]
    assert delivery.requests(chat=GROUP) == 2


async def test_a_person_who_comes_back_opens_the_chat_at_once(delivery: Delivery) -> None:
    delivery.telegram.telegram.configure(CHAT, None, {"blocked": "Forbidden: bot was blocked by the user"})
    await delivery.enqueue("before")
    await delivery.tick()
    delivery.telegram.telegram.configure(CHAT, None, {"blocked": None})

    async with delivery.database.transaction() as transaction:
        assert await chats.unblock(transaction, delivery.bot, CHAT)
    async with delivery.database.transaction() as transaction:
        assert not await chats.unblock(transaction, delivery.bot, CHAT), "it is open already"
    await delivery.enqueue("after")
    await delivery.tick()

    assert delivery.states("before", "after") == ["dead", "sent"]
    assert delivery.sent() == ["after"]


@pytest.mark.parametrize("topic", [None, TOPIC])
async def test_a_message_that_arrives_opens_the_chat(delivery: Delivery, topic: Topic | None) -> None:
    delivery.fault(times=1, status=403, description="Forbidden: something new")
    await delivery.enqueue(delivery.message("refused", SUPERGROUP))
    await delivery.tick()
    assert blocked(delivery, SUPERGROUP) == "forbidden"

    an_hour_later(delivery)
    await delivery.enqueue(delivery.message("asked again", SUPERGROUP, topic=topic))
    await delivery.tick()

    assert delivery.sent(SUPERGROUP) == ["asked again"]
    assert blocked(delivery, SUPERGROUP) is None
