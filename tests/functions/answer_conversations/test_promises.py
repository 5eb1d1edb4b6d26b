"""What the desk promises customers by itself, and the rows that keep each promise."""

import json
from typing import Any

import pytest

from functions.answer_conversations import texts
from shared.i18n.texts import Language
from shared.support import escalation
from shared.support import texts as support_texts
from shared.support.working_time import DAYS
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import RESOLVE, World

CALL = "Позовите менеджера"


async def say(world: World, *words: str) -> None:
    for text in words:
        world.wrote(text)
        await world.tick()


def cards(world: World) -> list[dict[str, Any]]:
    """The cards that page people, with the requests that they are of."""
    return rows(
        world.connection,
        "select h.status, h.remind_at, h.created_at, o.chat_id, o.state, o.topic from platform.outbox o"
        " join support.handovers h on h.outbox_id = o.id where o.kind = 'support/card' order by h.number",
    )


async def test_a_manager_who_will_reply_is_paged_and_reminded(world: World) -> None:
    await say(world, CALL)

    [card] = cards(world)
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert (card["status"], card["state"], card["chat_id"]) == ("pending", "queued", world.desk.chat)
    assert card["topic"].startswith("support/user/")
    assert card["remind_at"] > card["created_at"]


async def test_who_will_reply_after_opening_is_paged_now_and_reminded_then(world: World) -> None:
    hours = json.dumps(dict.fromkeys(DAYS, (("09:00", "18:00"),)))
    world.connection.execute(
        "update support.client_settings set working_hours = %s::jsonb, holidays = array["
        " (now() at time zone timezone)::date, (now() at time zone timezone)::date + 1]",
        (hours,),
    )

    await say(world, CALL)

    [card] = cards(world)
    assert "нерабочее время" in world.sent()[0]
    assert card["status"] == "pending"
    assert (card["remind_at"] - card["created_at"]).days >= 1


@pytest.mark.parametrize("column", ["telegram_chat_id", "telegram_bot_id"])
async def test_where_nobody_can_be_called_no_reply_is_promised_and_the_question_is_kept(
    world: World, column: str
) -> None:
    world.connection.execute(f"update support.client_settings set {column} = null".encode())

    await say(world, CALL)

    [handover] = world.handovers()
    assert world.sent() == [texts.NOBODY_CALLED.ru]
    assert (handover["status"], handover["trigger_text"]) == ("pending", CALL)
    assert cards(world) == []


async def test_what_was_passed_on_stands_in_the_managers_topic(world: World) -> None:
    await say(world, CALL)
    world.connection.execute(RESOLVE)
    world.connection.execute("update support.handovers set status = 'resolved', resolved_at = now()")

    await say(world, "Менеджер, вы забыли про меня")

    assert world.sent()[-1] == texts.MESSAGE_RECEIVED.ru
    assert "👤 Менеджер, вы забыли про меня" in world.sent("support/in-topic")
    assert len(cards(world)) == 1


async def test_what_no_topic_shows_is_a_new_request(world: World) -> None:
    """The group is another one since the request was resolved."""
    await say(world, CALL)
    world.connection.execute(RESOLVE)
    world.connection.execute("update support.handovers set status = 'resolved', resolved_at = now()")
    world.connection.execute("update support.client_settings set telegram_chat_id = '-1001900000999'")

    await say(world, CALL)

    assert [card["status"] for card in cards(world)] == ["resolved", "pending"]


async def test_who_opted_out_is_left_alone_and_the_words_call_a_manager(world: World) -> None:
    await say(world, "Нет, спасибо")
    assert world.sent() == [texts.opted_out("позовите менеджера", "ru")]
    assert world.state()["bot_status"] == "muted"

    await say(world, "позовите менеджера")

    assert [card["status"] for card in cards(world)] == ["pending"]


async def test_a_cancelled_request_chases_nobody_and_the_words_call_a_manager_again(world: World) -> None:
    await say(world, CALL, "Не надо")
    assert world.sent()[-1] == texts.cancelled("позовите менеджера", "ru")
    [handover] = world.handovers()
    assert (handover["status"], handover["remind_at"]) == ("bot_handling", None)

    await say(world, "позовите менеджера")

    assert [card["status"] for card in cards(world)] == ["bot_handling", "pending"]


async def test_after_an_apology_the_words_call_a_manager_again(world: World) -> None:
    await say(world, CALL)
    world.connection.execute("update support.handovers set status = 'timeout', remind_at = null, resolved_at = now()")

    await say(world, "позовите менеджера")

    assert [card["status"] for card in cards(world)] == ["timeout", "pending"]


@pytest.mark.parametrize(
    "settings", ["keywords = '{директор}'", "telegram_chat_id = null"], ids=["other-keywords", "no-group"]
)
async def test_words_that_would_call_nobody_are_not_named(world: World, settings: str) -> None:
    world.connection.execute(f"update support.client_settings set {settings}".encode())
    await say(world, "Кккк мммм?", "Не надо", "Нет, спасибо")

    assert world.sent()[1:] == [texts.CANCELLED_ONLY.ru, texts.OPTED_OUT_ONLY.ru]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_words_that_texts_name_are_keywords(language: Language) -> None:
    assert escalation.find_keyword(support_texts.CALL_A_MANAGER.in_(language))
