"""Refusals that can be mended: broken markup, texts that are too long, edits that change nothing."""

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    arrived,
    asked,
    hand_over,
    message,
    patient_bot,
    row,
    states,
)

FORUM = -1_001_500_000_501
EDIT = Kind("support/edit", policy="idempotent")
LONG = "\n".join(f"Строка {number:03} о гаммах и арпеджио" for number in range(60))  # 2099 characters

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


def too_long_once(telegram: SandboxServer) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=1, status=400,
                                 description="Bad Request: message is too long")  # fmt: skip


async def test_broken_markup_goes_out_as_words_and_says_so(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    broken = {"text": "<b>Гаммы &amp; <i>этюды</b>", "parse_mode": "HTML"}
    await hand_over(database, message(bot, "broken", payload=broken), message(bot, "behind it"))

    await dispatcher.tick()

    assert arrived(telegram) == ["Гаммы & этюды", "behind it"]
    found = row(connection, "broken")
    assert (found["state"], found["as_text"], found["attempt"]) == ("sent", True, 1)
    assert not row(connection, "behind it")["as_text"]
    assert asked(telegram) == 3


async def test_entities_that_are_refused_are_left_out(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=1, status=400,
                                 description="Bad Request: can't parse entities: unsupported type")  # fmt: skip
    payload = {"text": "Гаммы", "entities": [{"type": "glow", "offset": 0, "length": 5}]}
    await hand_over(database, message(bot, "odd", payload=payload))

    await dispatcher.tick()

    [_, second] = telegram.telegram.journal.find("sendMessage", CHAT)
    assert second.delivered
    assert "entities" not in second.params
    assert row(connection, "odd")["as_text"]


async def test_words_that_are_refused_again_end_the_message(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=-1, chat_id=CHAT, status=400,
                                 description="Bad Request: can't parse entities: whatever")  # fmt: skip
    await hand_over(database, message(bot, "refused"))

    await dispatcher.tick()

    assert (row(connection, "refused")["state"], row(connection, "refused")["error_class"]) == ("dead", "unparsable")
    assert asked(telegram) == 2


@pytest.mark.parametrize("topic", [None, Topic("support/conversation/8", "Вера")])
async def test_a_text_that_is_found_too_long_goes_out_in_parts_before_what_follows(
    connection: Plain,
    bot: int,
    database: Database,
    telegram: SandboxServer,
    dispatcher: Dispatcher,
    topic: Topic | None,
) -> None:
    too_long_once(telegram)
    await hand_over(database, message(bot, "long", FORUM, payload={"text": LONG}, topic=topic))
    await hand_over(database, message(bot, "behind it", FORUM, topic=topic))

    await dispatcher.tick()

    *parts, last = arrived(telegram, FORUM)
    assert last == "behind it"
    assert len(parts) > 1
    assert "\n".join(parts) == LONG
    wanted = set(telegram.telegram.chats[(0, FORUM)].topics) if topic else {None}
    calls = telegram.telegram.journal.find("sendMessage", FORUM)
    assert {call.params.get("message_thread_id") for call in calls} == wanted
    assert connection.execute("select from platform.outbox where state <> 'sent'").fetchall() == []


async def test_parts_keep_the_markup_the_thread_and_the_buttons(
    bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "first", FORUM, topic=Topic("a", "А")))
    await dispatcher.tick()
    [thread] = telegram.telegram.chats[(0, FORUM)].topics
    too_long_once(telegram)
    button = {"inline_keyboard": [[{"text": "Ответить", "callback_data": "1"}]]}
    payload = {"text": f"<b>{LONG}</b>", "parse_mode": "HTML", "reply_markup": button}

    await hand_over(database, message(bot, "long", FORUM, payload=payload, thread_id=thread))
    await dispatcher.tick()

    lying = [one for one in telegram.telegram.chats[(0, FORUM)].messages.values() if "text" in one][1:]
    assert "\n".join(one["text"] for one in lying) == LONG
    assert all(one["entities"][0]["type"] == "bold" for one in lying)
    assert {one["message_thread_id"] for one in lying} == {thread}
    assert ["reply_markup" in one for one in lying] == [False] * (len(lying) - 1) + [True]


async def test_a_part_that_is_found_too_long_itself_loses_nothing_of_the_others(
    bot: int, connection: Plain, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    """ChatFlow finds every part too long: six characters for a letter."""
    too_long_once(telegram)
    text = "\n".join(f"Строка {number:03} о гаммах и арпеджио" for number in range(180))
    await hand_over(database, message(bot, "long", payload={"text": text}))
    assert len(connection.execute("select from platform.outbox").fetchall()) == 2, "cut when it was handed over"

    await dispatcher.tick()

    assert "\n".join(arrived(telegram)) == text


async def test_a_text_that_cannot_become_shorter_ends(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", times=-1, chat_id=CHAT, status=400,
                                 description="Bad Request: message is too long")  # fmt: skip
    await hand_over(database, message(bot, "short"))

    await dispatcher.tick()

    assert (row(connection, "short")["state"], row(connection, "short")["error_class"]) == ("dead", "too_long")
    assert asked(telegram) == 2


async def test_an_edit_that_changes_nothing_is_done(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "said"))
    await dispatcher.tick()
    edit = {"text": "said", "message_id": row(connection, "said")["message_id"]}

    await hand_over(database, message(bot, "edit", payload=edit, kind=EDIT, method="editMessageText"))
    await dispatcher.tick()

    [call] = telegram.telegram.journal.find("editMessageText", CHAT)
    assert call.status == 400
    assert states(connection, "edit") == ["sent"]


async def test_an_edit_may_be_repeated_however_often_its_answer_is_lost(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "said"))
    await dispatcher.tick()
    telegram.telegram.faults.add(method="editMessageText", times=3, reset=True)
    edit = {"text": "said better", "message_id": row(connection, "said")["message_id"]}

    await hand_over(database, message(bot, "edit", payload=edit, kind=EDIT, method="editMessageText"))
    await dispatcher.tick(seconds=30)

    assert asked(telegram, "editMessageText") == 4
    assert states(connection, "edit") == ["sent"]


async def test_a_thread_that_does_not_exist_ends_the_message_and_never_means_general(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "lost", FORUM, thread_id=999), message(bot, "general", FORUM))

    await dispatcher.tick()

    found = row(connection, "lost")
    assert (found["state"], found["error_class"]) == ("dead", "thread_not_found")
    assert arrived(telegram, FORUM) == ["general"]
    assert asked(telegram, "createForumTopic", FORUM) == 0
