"""What one customer may have of the bot: answers an hour, tokens a day. Beyond that people answer."""

from datetime import UTC, datetime, timedelta

from functions.answer_conversations import reply_limit, texts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support

QUESTION = "Сколько стоит стрижка?"


async def ask(world: World) -> dict[str, int]:
    world.wrote(QUESTION)
    return await world.tick()


def replied(world: World, ago: timedelta = timedelta(minutes=20)) -> datetime:
    """The answers of an hour that began so long ago are used up; when it is over."""
    since = datetime.now(UTC) - ago
    world.connection.execute(
        "update support.conversations set replies = %s, replies_since = %s", (reply_limit.MAX_REPLIES, since)
    )
    return since + timedelta(hours=1)


def used(world: World) -> list[tuple[int, int]]:
    """Calls and tokens, by conversation."""
    found = rows(world.connection, "select calls, tokens from support.token_usage order by calls")
    return [(row["calls"], row["tokens"]) for row in found]


async def test_after_so_many_answers_in_an_hour_a_person_is_called_once_and_the_bot_is_quiet(world: World) -> None:
    until = replied(world)

    report = await ask(world)
    reports = [await ask(world), await ask(world)]

    state, [handover] = world.state(), world.handovers()
    assert report["handed_over"] == 1
    assert [report["quiet"] for report in reports] == [1, 1]
    assert (handover["status"], handover["trigger_type"]) == ("pending", "intent")
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert len(world.sent("support/card")) == 1
    assert (state["bot_status"], until <= state["bot_muted_until"] < until + timedelta(minutes=2)) == ("muted", True)
    [notice] = [line for line in world.sent("support/in-topic") if "автомат" in line]
    assert f"{reply_limit.MAX_REPLIES} раз за час" in notice


async def test_answers_are_counted_by_the_hour(world: World) -> None:
    replied(world, ago=timedelta(minutes=61))

    assert (await ask(world))["answered"] == 1
    assert (await ask(world))["answered"] == 1

    assert world.state()["replies"] == 2


async def test_a_manager_who_gives_the_conversation_back_lets_the_bot_answer_again(world: World) -> None:
    replied(world)
    await ask(world)
    world.connection.execute(
        "update support.handovers set status = 'bot_handling', remind_at = null, resolved_at = now()"
    )
    world.connection.execute("update support.conversations set bot_status = 'active', bot_muted_until = null")

    assert (await ask(world))["answered"] == 1


async def test_each_call_of_the_model_is_counted_in_the_customers_own_row(world: World) -> None:
    await ask(world)

    [(calls, tokens)] = used(world)
    assert calls == 2
    assert tokens > 700, "what both answers may take, at least"


async def test_a_customer_whose_tokens_are_used_up_gets_a_person(world: World) -> None:
    world.connection.execute("update support.client_settings set customer_daily_tokens = 2000")
    assert (await ask(world))["answered"] == 1
    other = support.conversation(world.connection, world.desk, "77010000002@s.whatsapp.net")

    for _ in range(3):
        await ask(world)
    world.wrote(QUESTION, conversation=other)
    report = await world.tick()

    assert len(world.handovers()) == 1
    assert report["answered"] == 1, "another customer has tokens of their own"
    assert max(tokens for _, tokens in used(world)) <= 2000


async def test_a_desk_whose_tokens_are_used_up_has_people_answer_all(world: World) -> None:
    other = support.conversation(world.connection, world.desk, "77010000002@s.whatsapp.net")
    values = {"client_id": world.desk.id, "tokens": 4_999_990, "calls": 100}
    world.connection.execute(
        "insert into support.token_usage (conversation_id, client_id, day, tokens, calls)"
        " values (%s, %s, (now() at time zone 'UTC')::date, %s, %s)",
        (other, *values.values()),
    )

    report = await ask(world)

    assert (report["handed_over"], world.asked()) == (1, [])
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert used(world) == [(100, 4_999_990)], "what is refused is not counted"


async def test_tokens_come_anew_with_the_day(world: World) -> None:
    world.connection.execute(
        "insert into support.token_usage (conversation_id, client_id, day, tokens, calls)"
        " values (%s, %s, (now() at time zone 'UTC')::date - 1, 300000, 100)",
        (world.conversation, world.desk.id),
    )

    assert (await ask(world))["answered"] == 1

    [(calls, tokens)] = used(world)
    assert (calls, tokens < 300_000) == (2, True)
