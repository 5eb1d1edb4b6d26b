"""Who asks for a person again: while a request is open, just after one, or after one that nobody answered."""

from typing import Any

import pytest

from functions.answer_conversations import texts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import CLOSE, RESOLVE, World


async def test_while_a_request_waits_the_bot_may_still_help(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.wrote("А сколько стоит стрижка?")

    await world.tick()

    assert "6000" in world.sent()[-1]
    assert world.handovers()[0]["status"] == "pending"


async def test_asking_again_while_a_request_waits_is_counted_and_pages_nobody(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.wrote("Где менеджер?!")

    await world.tick()

    [handover] = world.handovers()
    assert handover["joined"] == 1
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert len(rows(world.connection, "select from platform.outbox where kind = 'support/card'")) == 1


async def test_right_after_a_person_resolved_it_a_new_call_joins_and_the_client_hears_so_once(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(RESOLVE)
    world.connection.execute("update support.handovers set status = 'resolved', resolved_at = now()")
    for _ in range(2):
        world.wrote("Позовите менеджера")
        await world.tick()

    [handover] = world.handovers()
    assert handover["joined"] == 2
    assert world.sent() == [texts.HANDOVER_OPENED.ru, texts.MESSAGE_RECEIVED.ru]


async def test_after_the_cooldown_people_are_called_anew(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(RESOLVE)
    world.connection.execute(
        "update support.handovers set status = 'resolved', resolved_at = now() - interval '31 minutes'"
    )
    world.wrote("Позовите менеджера")

    await world.tick()

    assert [handover["status"] for handover in world.handovers()] == ["resolved", "pending"]


@pytest.mark.parametrize("status", ["timeout", "bot_handling"])
@pytest.mark.parametrize(
    ("words", "metadata", "trigger"),
    [
        ("Позовите менеджера", {}, "keyword"),
        ("", {"kind": "voice", "media": {"url": None, "id": "77"}}, "intent"),
        ("", {"kind": "call"}, "intent"),
        ("Кккк мммм?", {}, "intent"),
    ],
    ids=["words", "voice", "call", "not-understood"],
)
async def test_what_nobody_answered_holds_no_new_call(
    world: World, status: str, words: str, metadata: dict[str, Any], trigger: str
) -> None:
    """It timed out, or somebody gave it back to the bot a minute ago."""
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(CLOSE, (status, "1 minute"))
    world.wrote(words, **metadata)

    await world.tick()

    assert [(row["status"], row["trigger_type"]) for row in world.handovers()] == [
        (status, "keyword"), ("pending", trigger),
    ]  # fmt: skip
    assert world.sent() == [texts.HANDOVER_OPENED.ru] * 2
    assert len(rows(world.connection, "select from platform.outbox where kind = 'support/card'")) == 2
