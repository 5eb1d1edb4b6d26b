"""Chats that cannot be written to, that open again, that get another id."""

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery import chats
from shared.delivery.enqueue import Topic
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    OTHER_CHAT,
    arrived,
    asked,
    hand_over,
    message,
    patient_bot,
    row,
    states,
)

GROUP = -500_000_301
SUPERGROUP = -1_001_500_000_301
TOPIC = Topic("support/conversation/7", "Вера")

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


def an_hour_later(connection: Plain) -> None:
    connection.execute("update platform.lanes set blocked_at = blocked_at - interval '61 minutes'")


def blocked(connection: Plain, chat: int = CHAT) -> str | None:
    [lane] = connection.execute("select blocked_class from platform.lanes where lane = %s", (str(chat),)).fetchall()
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
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher,
    behaviour: dict[str, object], error_class: str, code: int,
) -> None:  # fmt: skip
    telegram.telegram.configure(CHAT, None, behaviour)
    await hand_over(database, message(bot, "one"), message(bot, "two"), message(bot, "other", OTHER_CHAT))
    await dispatcher.tick()

    assert asked(telegram) == 1, "the second died without a request"
    assert states(connection, "one", "two", "other") == ["dead", "dead", "sent"]
    assert row(connection, "one")["error_code"] == code
    assert row(connection, "two")["error_class"] == error_class
    assert blocked(connection) == error_class

    an_hour_later(connection)
    await hand_over(database, message(bot, "three"), message(bot, "four"))
    await dispatcher.tick()

    assert asked(telegram) == 2, "asked once more, and refused"
    assert states(connection, "three", "four") == ["dead", "dead"]


async def test_a_refusal_in_a_thread_closes_the_whole_chat_but_for_one_bot_only(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    other = patient_bot(connection, name="other", token="7000000002:" + "y" * 35)
    telegram.telegram.faults.add(method="sendMessage", chat_id=GROUP, times=1, status=403,
                                 description="Forbidden: bot was kicked from the group chat")  # fmt: skip
    await hand_over(database, message(bot, "in the thread", GROUP, thread_id=5))
    await dispatcher.tick()

    await hand_over(database, message(bot, "beside it", GROUP), message(other, "by another", GROUP))
    await dispatcher.tick()

    assert states(connection, "in the thread", "beside it", "by another") == ["dead", "dead", "sent"]
    assert asked(telegram, chat=GROUP) == 2


async def test_a_person_who_comes_back_opens_the_chat_at_once(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.configure(CHAT, None, {"blocked": "Forbidden: bot was blocked by the user"})
    await hand_over(database, message(bot, "before"))
    await dispatcher.tick()
    telegram.telegram.configure(CHAT, None, {"blocked": None})

    async with database.transaction() as transaction:
        assert await chats.unblock(transaction, bot, CHAT)
    async with database.transaction() as transaction:
        assert not await chats.unblock(transaction, bot, CHAT), "it is open already"
    await hand_over(database, message(bot, "after"))
    await dispatcher.tick()

    assert states(connection, "before", "after") == ["dead", "sent"]
    assert arrived(telegram) == ["after"]


@pytest.mark.parametrize("topic", [None, TOPIC])
async def test_a_message_that_arrives_opens_the_chat(
    connection: Plain,
    bot: int,
    database: Database,
    telegram: SandboxServer,
    dispatcher: Dispatcher,
    topic: Topic | None,
) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=1, status=403, description="Forbidden: bot was kicked")
    await hand_over(database, message(bot, "refused", SUPERGROUP))
    await dispatcher.tick()
    assert blocked(connection, SUPERGROUP) == "blocked"

    an_hour_later(connection)
    await hand_over(database, message(bot, "asked again", SUPERGROUP, topic=topic))
    await dispatcher.tick()

    assert arrived(telegram, SUPERGROUP) == ["asked again"]
    assert blocked(connection, SUPERGROUP) is None
