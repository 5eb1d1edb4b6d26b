"""A desk that speaks English, to customers and in its topics."""

import pytest

from tests.functions.answer_conversations.conftest import RESOLVE, World
from tests.helpers.worlds import support

CALLED = "I have passed your question to a manager. They will reply here, in this chat."


@pytest.fixture
def english(world: World) -> World:
    world.connection.execute("update support.client_settings set language = 'en'")
    return world


async def test_a_customer_is_told_that_a_manager_was_called(english: World) -> None:
    english.wrote("оператор")

    await english.tick()

    assert english.sent() == [CALLED]
    [card] = english.sent("support/card")
    [number] = [row["number"] for row in english.handovers()]
    assert card.startswith(f"<b>Request #{number}</b> · Айгерим · +77010000001\nWhy: the customer asks for a person\n")
    assert card.endswith("⏳ Waiting. Press “Take” or just reply here: the customer gets your reply in WhatsApp.")


async def test_a_file_without_an_address_is_told_of_in_the_topic(english: World) -> None:
    english.wrote("", kind="voice", media={"mime": "audio/ogg"})

    await english.tick()

    assert english.sent("support/in-topic") == ["👤 [voice message: not shown here, open WhatsApp on the phone]"]


async def test_a_call_soon_after_a_resolved_request_is_answered_once(english: World) -> None:
    english.wrote("оператор")
    await english.tick()
    english.connection.execute(RESOLVE)
    english.connection.execute("update support.handovers set status = 'resolved', resolved_at = now()")

    for _ in range(2):
        english.wrote("оператор")
        await english.tick()

    assert english.sent() == [CALLED, "I have passed this on to the managers."]


async def test_an_opt_out_and_a_withdrawn_request_are_answered(english: World) -> None:
    english.wrote("не надо")
    await english.tick()
    other = support.conversation(english.connection, english.desk, "77010000002@s.whatsapp.net", "Дана")
    english.wrote("оператор", conversation=other)
    await english.tick()
    english.wrote("не надо", conversation=other)
    await english.tick()

    assert english.sent() == [
        "All right, I will not write any more. If you need a manager, write “call a manager”.",
        CALLED,
        "All right, I will not call a manager. If you need one after all, write “call a manager”.",
    ]
