"""A client's «нет»: the bot leaves them alone, a request is withdrawn, and a manager's question is not meant."""

from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support


def minutes_muted(world: World) -> int:
    [row] = rows(
        world.connection,
        "select round(extract(epoch from bot_muted_until - now()) / 60)::int as minutes from support.conversations",
    )
    minutes: int = row["minutes"]
    return minutes


async def test_the_first_no_mutes_for_half_an_hour_and_is_answered_once(world: World) -> None:
    world.wrote("Нет, спасибо")

    await world.tick()

    assert minutes_muted(world) == 30
    assert world.state()["no_count"] == 1
    assert world.sent() == ["Хорошо, больше не пишу. Понадобится менеджер — напишите: «позовите менеджера»."]
    assert world.asked() == []


async def test_the_second_no_mutes_for_a_day_without_a_word(world: World) -> None:
    world.connection.execute("update support.conversations set no_count = 1")
    world.wrote("не надо")

    await world.tick()

    assert minutes_muted(world) == 24 * 60
    assert world.state()["no_count"] == 2
    assert world.sent() == []


async def test_two_noes_in_one_burst_are_one(world: World) -> None:
    world.wrote("нет", "не надо")

    await world.tick()

    assert world.state()["no_count"] == 1


async def test_the_minutes_are_the_clients(world: World) -> None:
    world.connection.execute("update support.client_settings set first_mute_minutes = 5")
    world.wrote("нет")

    await world.tick()

    assert minutes_muted(world) == 5


async def test_a_no_withdraws_a_request_that_waits(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute("update support.handovers set telegram_message_id = 55")
    world.wrote("Не надо")

    await world.tick()

    [handover] = world.handovers()
    assert handover["status"] == "bot_handling"
    assert world.state()["bot_status"] == "active"
    assert world.state()["no_count"] == 0
    assert world.sent()[-1] == ("Хорошо, менеджера звать не буду. Понадобится — напишите: «позовите менеджера».")
    [edit] = rows(world.connection, "select payload from platform.outbox where kind = 'support/card-edit'")
    assert edit["payload"]["message_id"] == 55
    assert "передумал" in edit["payload"]["text"]
    assert edit["payload"]["reply_markup"] == {"inline_keyboard": []}


async def test_a_no_to_the_manager_who_has_the_conversation_changes_nothing(world: World) -> None:
    support.insert(
        world.connection, "support.handovers", conversation_id=world.conversation, client_id=world.desk.id,
        status="active", trigger_type="manual", assigned_to_name="Алия",
    )  # fmt: skip
    world.wrote("нет")

    await world.tick()

    assert world.handovers()[0]["status"] == "active"
    assert world.state()["no_count"] == 0
    assert world.sent() == []


async def test_a_no_to_a_managers_words_is_not_meant_for_the_bot(world: World) -> None:
    support.insert(
        world.connection, "support.messages", conversation_id=world.conversation, client_id=world.desk.id,
        role="manager", content="Вам удобно завтра?",
    )  # fmt: skip
    world.connection.execute(
        "update support.conversations set bot_status = 'muted', bot_muted_until = now() + interval '1 hour'"
    )
    world.wrote("нет")

    await world.tick()

    assert world.state()["no_count"] == 0
    assert world.sent() == []


async def test_a_question_that_begins_with_no_is_answered(world: World) -> None:
    world.wrote("Нет, а сколько стоит стрижка?")

    await world.tick()

    assert "6000" in world.sent()[0]
