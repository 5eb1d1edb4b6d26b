"""A conversation that fails is tried again, and becomes a person's: no other waits behind it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from functions.answer_conversations import bursts, texts
from functions.answer_conversations.questions import Unread
from functions.answer_conversations.run import Run
from shared.delivery.poke import Poke
from shared.support import texts as support_texts
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support

# Somebody wrote this into the table by hand: what compares it fails.
POISON = "update support.client_settings set keywords = array[null]::text[] where client_id = %s"
LEASE_IS_OVER = "update support.conversations set answer_due_at = now() where answer_due_at is not null"


async def fail(world: World, times: int) -> None:
    for _ in range(times):
        await world.tick()
        world.connection.execute(LEASE_IS_OVER)


async def test_a_conversation_that_fails_three_times_is_a_persons(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.connection.execute(POISON, (world.desk.id,))
    world.wrote("Сколько стоит стрижка?")
    await fail(world, 3)
    assert (world.handovers(), world.state()["attempts"]) == ([], 3)

    report = await world.tick()

    [handover], state = world.handovers(), world.state()
    assert (report["handed_over"], report["remaining"]) == (1, 0)
    assert (handover["status"], handover["trigger_type"]) == ("pending", "timeout")
    assert (state["heard_position"], state["attempts"], state["answer_due_at"]) == (1, 0, None)
    assert "Сколько стоит стрижка?" in world.sent("support/card")[0]
    assert world.sent("support/in-topic") == [support_texts.BOT_FAILED.ru]
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert "conversation_given_up" in capsys.readouterr().out


async def test_one_that_fails_keeps_nobody_else_waiting(world: World) -> None:
    other = support.desk(world.connection, "other", -1001900000888, token="7000000002:" + "B" * 35)
    asking = support.conversation(world.connection, other)
    world.connection.execute(POISON, (world.desk.id,))
    world.wrote("Сколько стоит стрижка?")
    world.wrote("Сколько стоит стрижка?", conversation=asking)

    report = await world.tick()

    assert (report["answered"], report["remaining"]) == (1, 1)
    assert world.state(asking)["answer_due_at"] is None


async def test_while_a_request_is_open_giving_up_pages_nobody_anew(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(POISON, (world.desk.id,))
    world.wrote("Вы скоро?")
    await fail(world, 3)

    await world.tick()

    [handover] = world.handovers()
    assert (handover["status"], handover["joined"]) == ("pending", 1)
    assert world.state()["answer_due_at"] is None


async def test_a_process_that_is_killed_counts_too(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")
    for _ in range(3):
        async with world.database.connection() as connection:
            assert len(await bursts.claim(connection, 1)) == 1  # and is never heard of again
        world.connection.execute(LEASE_IS_OVER)

    assert (await world.tick())["handed_over"] == 1


async def test_an_answer_forgets_what_failed_before_it(world: World) -> None:
    world.connection.execute(POISON, (world.desk.id,))
    world.wrote("Сколько стоит стрижка?")
    await fail(world, 2)
    world.connection.execute("update support.client_settings set keywords = null")

    assert (await world.tick())["answered"] == 1

    assert world.state()["attempts"] == 0


async def test_who_writes_on_while_the_model_thinks_has_not_failed(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")
    async with world.database.connection() as connection:
        [claimed] = await bursts.claim(connection, 1)
    world.wrote("И где вы находитесь?")

    async with world.database.transaction() as connection:
        assert not await bursts.mark_read(connection, bursts.Burst(claimed, _unread()))

    assert world.state()["attempts"] == 0


def _unread() -> Unread:
    return Unread((), 1, 1, datetime.now(UTC), is_backlog=False, has_missed_call=False, is_cut=False)


@pytest.fixture
def locked_answers(world: World) -> Iterator[None]:
    """A table that others may read, and nobody writes to in time."""
    world.connection.execute(
        "create function support.locked() returns trigger language plpgsql as"
        " $$ begin raise exception 'somebody has it' using errcode = '55P03'; end $$"
    )
    world.connection.execute(
        "create trigger locked before insert on support.messages for each row when (new.role = 'assistant')"
        " execute function support.locked()"
    )
    yield
    world.connection.execute("drop trigger locked on support.messages")
    world.connection.execute("drop function support.locked()")


@pytest.mark.usefixtures("locked_answers")
async def test_a_database_that_serves_nobody_makes_nobody_a_persons(world: World) -> None:
    other = support.conversation(world.connection, world.desk, "77010000002@s.whatsapp.net")
    world.wrote("Сколько стоит стрижка?")
    world.wrote("Сколько стоит стрижка?", conversation=other)

    await fail(world, 1)

    assert (world.state()["attempts"], world.state(other)["attempts"]) == (0, 0)
    assert world.handovers() == []


@pytest.mark.usefixtures("locked_answers")
async def test_who_alone_fails_for_want_of_the_database_has_failed(world: World) -> None:
    """It may be that very conversation that is too heavy for it."""
    world.wrote("Сколько стоит стрижка?")

    await fail(world, 1)

    assert world.state()["attempts"] == 1


async def test_a_conversation_has_a_time_of_its_own(world: World) -> None:
    """Whatever it waits for: here for a model that is slower than its deadline says."""
    world.model.latency = 30
    world.wrote("Сколько стоит стрижка?")

    report = await Run(world.database, world.settings, Poke("none", ""), 10.0, conversation_seconds=0.3).run()

    assert (report["done"], report["remaining"], world.state()["attempts"]) == (0, 1, 1)
