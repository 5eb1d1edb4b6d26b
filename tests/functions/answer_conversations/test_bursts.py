"""A burst of messages is one question: when it is over, who thinks about it, and what comes meanwhile."""

import asyncio

from functions.answer_conversations import bursts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.waiting import until
from tests.helpers.worlds import support


async def test_a_burst_is_one_question_and_gets_one_answer(world: World) -> None:
    world.wrote("Здравствуйте", "хотела узнать", "сколько стоит стрижка?")

    await world.tick()

    assert len(world.sent()) == 1
    assert world.asked()[-1]["messages"][-1]["content"] == "> Здравствуйте\n> хотела узнать\n> сколько стоит стрижка?"


async def test_the_run_waits_for_a_burst_that_is_over_in_a_moment(world: World) -> None:
    world.wrote("Сколько стоит стрижка?", due="1 second")

    report = await world.tick()

    assert report["answered"] == 1


async def test_the_run_does_not_wait_for_a_burst_that_is_far_from_over(world: World) -> None:
    world.wrote("Сколько стоит стрижка?", due="40 seconds")

    report = await world.tick()

    assert report == {"done": 0, "remaining": 1, "answered": 0, "handed_over": 0, "quiet": 0}


async def test_who_writes_on_while_the_model_thinks_gets_one_answer_to_everything(world: World) -> None:
    world.model.latency = 0.5
    world.wrote("Сколько стоит стрижка?")
    run = asyncio.create_task(world.tick())
    await until(world.asked)
    world.wrote("И где вы находитесь?")

    report = await run

    assert report["answered"] == 1
    assert len(world.sent()) == 1
    assert world.asked()[-1]["messages"][-1]["content"] == "> Сколько стоит стрижка?\n> И где вы находитесь?"


async def test_who_never_pauses_is_answered_all_the_same(world: World) -> None:
    world.model.latency = 0.5
    world.wrote("Сколько стоит стрижка?")
    world.connection.execute("update support.messages set created_at = now() - interval '40 seconds'")
    run = asyncio.create_task(world.tick())
    await until(world.asked)
    world.wrote("Я жду", due="40 seconds")

    await run

    assert len(world.sent()) == 1
    assert world.state()["answer_due_at"] is not None
    assert world.state()["heard_position"] == 1


async def test_what_comes_late_in_a_long_burst_is_the_next_one(world: World) -> None:
    """ingest_webhook puts off no burst that has waited for half a minute: only its row shows the new message."""
    world.model.latency = 0.5
    world.wrote("Сколько стоит стрижка?")
    run = asyncio.create_task(world.tick())
    await until(world.asked)
    [lease] = rows(world.connection, "select answer_due_at from support.conversations")
    world.wrote("И где вы находитесь?")
    world.connection.execute("update support.conversations set answer_due_at = %s", (lease["answer_due_at"],))

    report = await run

    assert report["answered"] == 2
    assert world.asked()[-1]["messages"][-1]["content"] == "> И где вы находитесь?"


async def test_two_runs_at_once_answer_once(world: World) -> None:
    world.model.latency = 0.1
    world.wrote("Сколько стоит стрижка?")

    await asyncio.gather(world.tick(), world.tick(), world.tick())

    assert len(world.sent()) == 1


async def test_a_burst_whose_holder_died_is_answered_once_its_lease_is_over(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")
    async with world.database.connection() as connection:
        [dead] = await bursts.claim(connection, 1)
    assert (await world.tick())["remaining"] == 1
    world.connection.execute("update support.conversations set answer_due_at = now()")

    assert (await world.tick())["answered"] == 1

    async with world.database.connection() as connection:  # should it wake up after all
        await bursts.release(connection, dead, dead.heard_position)
    assert len(world.sent()) == 1


async def test_a_desk_that_has_its_share_under_way_is_passed_over(world: World) -> None:
    other = support.desk(world.connection, "other", -1001900000888, token="7000000002:" + "B" * 35)
    asking = support.conversation(world.connection, other)
    world.wrote("Сколько стоит стрижка?", due="-1 minute")
    world.wrote("Сколько стоит стрижка?", conversation=asking)

    async with world.database.connection() as connection:
        [first] = await bursts.claim(connection, 2, passed_over=[world.desk.id])
        [second] = await bursts.claim(connection, 2)

    assert (first.conversation_id, first.client_id) == (asking, other.id)
    assert second.conversation_id == world.conversation
