"""What a customer deleted before the bot read it, or took back, is not answered, and nobody is called for it."""

import json

from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World


async def test_a_burst_that_was_deleted_is_not_answered(world: World) -> None:
    world.wrote("", deleted=True)
    world.wrote("", kind="call", deleted=True)  # somebody did answer it

    await world.tick()

    assert (world.sent(), world.handovers(), world.asked()) == ([], [], [])
    assert world.state()["answer_due_at"] is None


async def test_a_deleted_message_is_read_neither_by_the_model_nor_on_the_card(world: World) -> None:
    world.wrote("тайна", deleted=True)
    world.wrote("Сколько стоит стрижка?")
    await world.tick()
    world.wrote("Позовите менеджера")
    await world.tick()

    assert world.asked()
    assert "тайна" not in json.dumps(world.asked(), ensure_ascii=False)
    [card] = rows(world.connection, "select payload from platform.outbox where kind = 'support/card'")
    assert "тайна" not in card["payload"]["text"]
