"""What is decided on is bounded: whoever writes more gets a person, and nobody waits behind them."""

import time

import pytest

from functions.answer_conversations import questions, texts
from shared.support import cards
from shared.support import texts as support_texts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import FACTS, World
from tests.helpers.worlds import support

LIGATURE = "ﷺ"  # becomes 18 letters
LIMITS = questions.TO_DECIDE


def shown(world: World) -> str:
    """All that the topic shows beside the card."""
    return "\n".join(world.sent("support/in-topic"))


async def test_a_flood_of_one_customer_costs_next_to_nothing_and_others_are_answered(world: World) -> None:
    other = support.desk(world.connection, "other", -1001900000888, token="7000000002:" + "B" * 35)
    world.prompt("system_prompt", FACTS, other.id)
    asking = support.conversation(world.connection, other)
    world.wrote(*[LIGATURE * 65_536] * 25)
    world.connection.execute(
        "insert into support.messages (conversation_id, client_id, role, content)"
        " values (%s, %s, 'user', 'Сколько стоит стрижка?')",
        (asking, other.id),
    )
    world.connection.execute("update support.conversations set answer_due_at = now() where id = %s", (asking,))
    before = time.process_time()

    report = await world.tick()

    assert time.process_time() - before < 1
    assert (report["handed_over"], report["answered"], report["remaining"]) == (1, 1, 0)
    assert len(world.asked()) == 2, "a classification and an answer, for the other one"
    assert [row["trigger_type"] for row in world.handovers()] == ["intent"]


@pytest.mark.parametrize(
    "texts_written",
    [
        ["Сколько стоит стрижка?"] * LIMITS.messages,
        ["Сколько стоит стрижка? ".ljust(LIMITS.characters, "а")],
        ["Сколько стоит стрижка? ".ljust(LIMITS.characters, "а")] * 5,
    ],
    ids=["messages", "characters", "characters-in-all"],
)
async def test_what_is_just_short_enough_is_answered(world: World, texts_written: list[str]) -> None:
    world.wrote(*texts_written)

    assert (await world.tick())["answered"] == 1


@pytest.mark.parametrize(
    "texts_written",
    [
        ["Сколько стоит стрижка?"] * (LIMITS.messages + 1),
        ["Сколько стоит стрижка? ".ljust(LIMITS.characters + 1, "а")],
        [*["Сколько стоит стрижка? ".ljust(LIMITS.characters, "а")] * 5, "?"],
    ],
    ids=["messages", "characters", "characters-in-all"],
)
async def test_what_is_longer_a_person_answers_and_no_model_is_asked(world: World, texts_written: list[str]) -> None:
    world.wrote(*texts_written)

    await world.tick()

    [handover] = world.handovers()
    assert (handover["status"], handover["trigger_type"]) == ("pending", "intent")
    assert (world.sent(), world.asked()) == ([texts.HANDOVER_OPENED.ru], [])


async def test_what_is_beyond_the_limit_belongs_to_the_same_decision(world: World) -> None:
    world.wrote(*(f"Вопрос {number}" for number in range(120)))

    await world.tick()
    report = await world.tick()

    [last] = rows(world.connection, "select max(position) as position from support.messages where role = 'user'")
    assert (report["done"], report["remaining"], len(world.handovers())) == (0, 0, 1)
    assert world.state()["heard_position"] == last["position"]
    assert world.state()["answer_due_at"] is None


async def test_a_keyword_in_what_is_read_is_still_why(world: World) -> None:
    world.wrote("Позовите менеджера", "а" * 5_000)

    await world.tick()

    assert world.handovers()[0]["trigger_type"] == "keyword"


async def test_a_refusal_in_a_long_burst_is_none(world: World) -> None:
    world.wrote(*["нет"] * (LIMITS.messages + 1))

    await world.tick()

    assert [row["status"] for row in world.handovers()] == ["pending"]


async def test_the_topic_shows_a_long_text_whole(world: World) -> None:
    words = " ".join(f"слово{number}" for number in range(3_000))
    world.wrote(words)

    await world.tick()

    assert [word for word in shown(world).split() if word.startswith("слово")] == words.split()
    assert support_texts.MORE_ON_THE_PHONE.ru not in shown(world)


async def test_where_the_topic_does_not_show_everything_it_says_so(world: World) -> None:
    world.wrote(*(f"Вопрос {number}" for number in range(70)))

    await world.tick()

    lines = world.sent("support/in-topic")
    assert lines[:50] == [f"👤 Вопрос {number}" for number in range(50)]
    assert lines[50:] == [support_texts.MORE_ON_THE_PHONE.ru]
    assert "Вопрос 69" in world.sent("support/card")[0]


async def test_of_long_messages_a_card_reads_no_more_than_it_quotes(world: World) -> None:
    world.wrote(*["слово " * 10_000] * 3)
    await world.tick()
    [handover] = world.handovers()

    async with world.database.connection() as connection:
        [card] = await cards.load(connection, [handover["id"]])

    assert [len(line["content"]) for line in card.lines] == [1200] * 3
    assert cards.text(card).count("…") == 3
