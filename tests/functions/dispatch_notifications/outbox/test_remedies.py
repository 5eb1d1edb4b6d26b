"""Refusals that can be mended: broken markup, texts that are too long, edits that change nothing."""

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.delivery.enqueue import Topic
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery

FORUM = -1_001_500_000_501
EDIT = Kind("support/edit", policy="idempotent")
LONG = "\n".join(f"Строка {number:03} о гаммах и арпеджио" for number in range(60))  # 2099 characters

Plain = psycopg.Connection[DictRow]


def too_long_once(delivery: Delivery) -> None:
    delivery.fault(times=1, status=400,
                                 description="Bad Request: message is too long")  # fmt: skip


async def test_broken_markup_goes_out_as_words_and_says_so(delivery: Delivery) -> None:
    broken = {"text": "<b>Гаммы &amp; <i>этюды</b>", "parse_mode": "HTML"}
    await delivery.enqueue(delivery.message("broken", payload=broken), "behind it")

    await delivery.tick()

    assert delivery.sent() == ["Гаммы & этюды", "behind it"]
    found = delivery.row("broken")
    assert (found["state"], found["as_text"], found["attempt"]) == ("sent", True, 1)
    assert not delivery.row("behind it")["as_text"]
    assert delivery.requests() == 3


async def test_entities_that_are_refused_are_left_out(delivery: Delivery) -> None:
    delivery.fault(times=1, status=400,
                                 description="Bad Request: can't parse entities: unsupported type")  # fmt: skip
    payload = {"text": "Гаммы", "entities": [{"type": "glow", "offset": 0, "length": 5}]}
    await delivery.enqueue(delivery.message("odd", payload=payload))

    await delivery.tick()

    [_, second] = delivery.calls(chat=CHAT)
    assert second.delivered
    assert "entities" not in second.params
    assert delivery.row("odd")["as_text"]


async def test_words_that_are_refused_again_end_the_message(delivery: Delivery) -> None:
    delivery.fault(times=-1, chat_id=CHAT, status=400,
                                 description="Bad Request: can't parse entities: whatever")  # fmt: skip
    await delivery.enqueue("refused")

    await delivery.tick()

    assert (delivery.row("refused")["state"], delivery.row("refused")["error_class"]) == ("dead", "unparsable")
    assert delivery.requests() == 2


@pytest.mark.parametrize("topic", [None, Topic("support/conversation/8", "Вера")])
async def test_a_text_that_is_found_too_long_goes_out_in_parts_before_what_follows(
    delivery: Delivery, topic: Topic | None
) -> None:
    too_long_once(delivery)
    await delivery.enqueue(delivery.message("long", FORUM, payload={"text": LONG}, topic=topic))
    await delivery.enqueue(delivery.message("behind it", FORUM, topic=topic))

    await delivery.tick()

    *parts, last = delivery.sent(FORUM)
    assert last == "behind it"
    assert len(parts) > 1
    assert "\n".join(parts) == LONG
    wanted = set(delivery.telegram.telegram.chats[(0, FORUM)].topics) if topic else {None}
    calls = delivery.calls(chat=FORUM)
    assert {call.params.get("message_thread_id") for call in calls} == wanted
    assert delivery.rows("select from platform.outbox where state <> 'sent'") == []


async def test_parts_keep_the_markup_the_thread_and_the_buttons(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("first", FORUM, topic=Topic("a", "А")))
    await delivery.tick()
    [thread] = delivery.telegram.telegram.chats[(0, FORUM)].topics
    too_long_once(delivery)
    button = {"inline_keyboard": [[{"text": "Ответить", "callback_data": "1"}]]}
    payload = {"text": f"<b>{LONG}</b>", "parse_mode": "HTML", "reply_markup": button}

    await delivery.enqueue(delivery.message("long", FORUM, payload=payload, thread_id=thread))
    await delivery.tick()

    lying = [part for part in delivery.telegram.telegram.chats[(0, FORUM)].messages.values() if "text" in part][1:]
    assert "\n".join(part["text"] for part in lying) == LONG
    assert all(part["entities"][0]["type"] == "bold" for part in lying)
    assert {part["message_thread_id"] for part in lying} == {thread}
    assert ["reply_markup" in part for part in lying] == [False] * (len(lying) - 1) + [True]


async def test_a_part_that_is_found_too_long_itself_loses_nothing_of_the_others(delivery: Delivery) -> None:
    """ChatFlow finds every part too long: six characters for a letter."""
    too_long_once(delivery)
    text = "\n".join(f"Строка {number:03} о гаммах и арпеджио" for number in range(180))
    await delivery.enqueue(delivery.message("long", payload={"text": text}))
    assert len(delivery.rows("select from platform.outbox")) == 2, "cut when it was handed over"

    await delivery.tick()

    assert "\n".join(delivery.sent()) == text


async def test_a_text_that_cannot_become_shorter_ends(delivery: Delivery) -> None:
    delivery.fault(times=-1, chat_id=CHAT, status=400,
                                 description="Bad Request: message is too long")  # fmt: skip
    await delivery.enqueue("short")

    await delivery.tick()

    assert (delivery.row("short")["state"], delivery.row("short")["error_class"]) == ("dead", "too_long")
    assert delivery.requests() == 2


async def test_an_edit_that_changes_nothing_is_done(delivery: Delivery) -> None:
    await delivery.enqueue("said")
    await delivery.tick()
    edit = {"text": "said", "message_id": delivery.row("said")["message_id"]}

    await delivery.enqueue(delivery.message("edit", payload=edit, kind=EDIT, method="editMessageText"))
    await delivery.tick()

    [call] = delivery.calls("editMessageText", CHAT)
    assert call.status == 400
    assert delivery.states("edit") == ["sent"]


async def test_an_edit_may_be_repeated_however_often_its_answer_is_lost(delivery: Delivery) -> None:
    await delivery.enqueue("said")
    await delivery.tick()
    delivery.fault("editMessageText", times=3, reset=True)
    edit = {"text": "said better", "message_id": delivery.row("said")["message_id"]}

    await delivery.enqueue(delivery.message("edit", payload=edit, kind=EDIT, method="editMessageText"))
    await delivery.tick(seconds=30)

    assert delivery.requests("editMessageText") == 4
    assert delivery.states("edit") == ["sent"]


async def test_a_thread_that_does_not_exist_ends_the_message_and_never_means_general(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("lost", FORUM, thread_id=999), delivery.message("general", FORUM))

    await delivery.tick()

    found = delivery.row("lost")
    assert (found["state"], found["error_class"]) == ("dead", "thread_not_found")
    assert delivery.sent(FORUM) == ["general"]
    assert delivery.requests("createForumTopic", FORUM) == 0
