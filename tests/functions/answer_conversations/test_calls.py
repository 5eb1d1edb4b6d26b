"""When a person is called, what they and the client see, and that the bot never invents an answer instead."""

from typing import Any

import pytest

from functions.answer_conversations import texts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support


async def test_words_that_ask_for_a_person_call_one_without_asking_the_model(world: World) -> None:
    world.wrote("Позовите человека, пожалуйста")

    report = await world.tick()

    [handover] = world.handovers()
    assert report["handed_over"] == 1
    assert (handover["status"], handover["trigger_type"]) == ("pending", "keyword")
    assert world.asked() == []
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_the_card_calls_people_in_the_persons_own_topic(world: World) -> None:
    world.wrote("Сколько стоит <b>окрашивание</b>?", "Позовите менеджера")

    await world.tick()

    [card] = rows(world.connection, "select * from platform.outbox where kind = 'support/card'")
    [handover] = world.handovers()
    assert handover["outbox_id"] == card["id"]
    assert card["chat_id"] == world.desk.chat
    assert "Айгерим" in card["payload"]["text"]
    assert "&lt;b&gt;окрашивание" in card["payload"]["text"]
    pressed = [button["callback_data"] for button in card["payload"]["reply_markup"]["inline_keyboard"][0]]
    assert pressed == [f"support/take/{handover['number']}", f"support/return_to_bot/{handover['number']}"]
    [topic] = rows(world.connection, "select name from platform.topics")
    assert topic["name"].startswith("Айгерим")


async def test_the_clients_own_keywords_replace_the_usual_ones(world: World) -> None:
    world.connection.execute("update support.client_settings set keywords = '{директор}'")
    world.wrote("Дайте директора... то есть, позовите: директор!")

    await world.tick()

    assert world.handovers()[0]["trigger_type"] == "keyword"


async def test_what_the_classifier_doubts_a_person_answers(world: World) -> None:
    world.wrote("Кккк мммм?")

    await world.tick()

    [handover] = world.handovers()
    assert handover["trigger_type"] == "intent"
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_the_threshold_is_the_clients(world: World) -> None:
    world.connection.execute("update support.client_settings set confidence_threshold = 0.95")
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert len(world.handovers()) == 1


async def test_a_complaint_goes_to_a_person_however_sure_the_classifier_is(world: World) -> None:
    world.connection.execute("update support.client_settings set keywords = '{}'")
    world.wrote("У меня жалоба на мастера")

    await world.tick()

    assert world.handovers()[0]["trigger_type"] == "intent"


@pytest.mark.parametrize(
    "fault",
    [
        {"does": "hang", "seconds": 30}, {"does": "drop"}, {"does": "status", "status": 500},
        {"does": "status", "status": 401}, {"does": "garbage"}, {"does": "empty"}, {"does": "filter"}, {"does": "cut"},
        {"does": "quota"}, {"does": "limit", "seconds": 20},
    ],
    ids=lambda fault: f"{fault['does']}{fault.get('status', '')}",
)  # fmt: skip
@pytest.mark.parametrize("asked_before", [0, 1], ids=["at-the-classifier", "at-the-answer"])
async def test_a_model_that_fails_calls_a_person_and_invents_nothing(
    world: World, fault: dict[str, Any], asked_before: int
) -> None:
    world.settings.llm_deadline_seconds = 2.0  # that is how long one waits who hangs
    world.wrote("Сколько стоит стрижка?")
    world.fault(**fault, after=asked_before)

    report = await world.tick()

    assert report["handed_over"] == 1
    assert world.handovers()[0]["trigger_type"] == "timeout"
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_without_a_model_everything_becomes_a_handover(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")

    await world.tick(model=False)

    assert world.handovers()[0]["trigger_type"] == "intent"
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert world.asked() == []


@pytest.mark.parametrize("missing", ["classifier", "system_prompt"])
async def test_without_a_prompt_the_model_is_not_asked(world: World, missing: str) -> None:
    world.connection.execute("update support.prompts set is_active = false where name = %s", (missing,))
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert len(world.handovers()) == 1
    assert world.asked() == []


async def test_a_desk_without_a_group_still_opens_the_request(world: World) -> None:
    world.connection.execute("update support.client_settings set telegram_chat_id = null")
    world.wrote("Позовите менеджера")

    await world.tick()

    assert world.handovers()[0]["status"] == "pending"
    assert world.sent() == [texts.NOBODY_CALLED.ru]


async def test_a_desk_without_an_account_says_nothing_and_keeps_nothing_as_said(world: World) -> None:
    world.connection.execute("update support.client_settings set whatsapp_bot_id = null")
    world.wrote("Позовите менеджера")

    await world.tick()

    [card] = world.sent("support/card")
    assert card.endswith("WhatsApp не подключён: ответьте клиенту с телефона.")
    assert rows(world.connection, "select content from support.messages where role = 'assistant'") == []


async def test_a_conversation_that_cannot_be_answered_keeps_nobody_else_waiting(world: World) -> None:
    """Its client's settings are gone."""
    other = support.desk(world.connection, "other", -1001900000888, token="7000000002:" + "B" * 35)
    lost = support.conversation(world.connection, other)
    world.connection.execute("delete from support.client_settings where client_id = %s", (other.id,))
    world.wrote("Позовите менеджера", conversation=lost)
    world.wrote("Сколько стоит стрижка?")

    report = await world.tick()

    assert report["answered"] == 1
