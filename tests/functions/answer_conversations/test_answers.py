"""What the bot answers itself, and when it does not even try."""

import asyncio

from shared.clients.llm.untrusted_text import NOTE
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import FACTS, World
from tests.helpers.waiting import until
from tests.helpers.worlds import support


async def test_a_question_is_answered_with_the_clients_facts(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")

    report = await world.tick()

    assert report["answered"] == 1
    assert len(world.sent()) == 1
    assert "6000" in world.sent()[0]
    assert world.state()["answer_due_at"] is None


async def test_the_answer_is_kept_and_linked_to_the_message_that_carries_it(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    [row] = rows(
        world.connection,
        "select m.content, o.policy, o.recipient, o.payload ->> 'text' as text from support.messages m"
        " join platform.outbox o on o.id = m.outbox_id where m.role = 'assistant'",
    )
    assert row["content"] == row["text"]
    assert row["policy"] == "at_most_once"
    assert row["recipient"] == support.JID


async def test_intent_and_confidence_are_written_at_the_message(world: World) -> None:
    world.wrote("Здравствуйте!", "Сколько стоит стрижка?")

    await world.tick()

    found = rows(
        world.connection, "select intent, confidence from support.messages where role = 'user' order by position"
    )
    assert found[0]["intent"] is None
    assert (found[1]["intent"], float(found[1]["confidence"])) == ("price", 0.93)


async def test_a_manager_who_takes_over_while_the_model_thinks_is_not_interrupted(world: World) -> None:
    world.model.latency = 0.5
    world.wrote("Сколько стоит стрижка?")
    run = asyncio.create_task(world.tick())
    await until(world.asked)
    support.insert(
        world.connection, "support.handovers", conversation_id=world.conversation, client_id=world.desk.id,
        status="active", trigger_type="manual", assigned_to_name="Алия",
    )  # fmt: skip

    report = await run

    assert report["quiet"] == 1
    assert world.sent() == []


async def test_the_model_is_not_asked_while_a_person_has_the_conversation(world: World) -> None:
    support.insert(
        world.connection, "support.handovers", conversation_id=world.conversation, client_id=world.desk.id,
        status="active", trigger_type="manual", assigned_to_name="Алия",
    )  # fmt: skip
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert world.asked() == []


async def test_a_muted_bot_is_silent_and_asks_nobody(world: World) -> None:
    world.connection.execute(
        "update support.conversations set bot_status = 'muted', bot_muted_until = now() + interval '1 hour'"
    )
    world.wrote("Сколько стоит стрижка?")

    assert (await world.tick())["quiet"] == 1
    assert world.asked() == []
    assert world.sent() == []


async def test_what_was_said_before_is_told_to_the_model(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")
    await world.tick()
    world.wrote("А где вы находитесь?")

    await world.tick()

    told = world.asked()[-1]["messages"]
    assert [message["role"] for message in told] == ["system", "user", "assistant", "user"]
    assert told[0]["content"] == f"{NOTE}\n\n{FACTS}"
    assert told[-1]["content"] == "> А где вы находитесь?"
    assert "6000" in told[2]["content"]


async def test_a_clients_own_prompts_count_more_than_everybodys(world: World) -> None:
    world.prompt("system_prompt", "Цены: стрижка стоит 9000 тенге", world.desk.id)
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert "9000" in world.sent()[0]


async def test_another_clients_prompts_are_never_used(world: World) -> None:
    other = support.desk(world.connection, "other", -1001900000888, token="7000000002:" + "B" * 35)
    world.prompt("system_prompt", "Цены: стрижка стоит 9000 тенге", other.id)
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert "6000" in world.sent()[0]


async def test_a_prompt_that_is_not_active_is_not_used(world: World) -> None:
    world.prompt("system_prompt", "Цены: стрижка стоит 9000 тенге", world.desk.id, active=False)
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert "6000" in world.sent()[0]


async def test_the_answer_is_shown_in_the_topic_if_there_is_one(world: World) -> None:
    [user] = rows(world.connection, "select user_id from support.conversations")
    world.connection.execute(
        "insert into platform.topics (bot_id, chat_id, key, name) values (%s, %s, %s, 'Айгерим')",
        (world.desk.telegram_bot, world.desk.chat, f"support/user/{user['user_id']}"),
    )
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert world.sent("support/in-topic") == [f"🤖 {world.sent()[0]}"]


async def test_reactions_and_stickers_ask_nothing(world: World) -> None:
    world.wrote("👍", kind="reaction")
    world.wrote("", kind="sticker")

    await world.tick()

    assert world.sent() == []
    assert world.state()["answer_due_at"] is None


async def test_many_conversations_are_answered_side_by_side(world: World) -> None:
    world.model.latency = 0.5
    others = [support.conversation(world.connection, world.desk, f"7702000{n:04}@s.whatsapp.net") for n in range(12)]
    for other in others:
        world.wrote("Сколько стоит стрижка?", conversation=other)

    report = await world.tick()

    assert report["answered"] == 12


async def test_what_no_message_can_hold_is_taken_out_of_an_answer(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")
    world.fault("nul")

    await world.tick()

    assert "6000" in world.sent()[0]
    assert "\x00" not in world.sent()[0]
