"""What was written long before it came: people are called, the bot does not chat as if it were now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.answer_conversations import texts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support


def ago(**delay: float) -> str:
    """The time of writing of a message that comes now."""
    return (datetime.now(UTC) - timedelta(**delay)).isoformat()


def ours(world: World, role: str = "manager", content: str = "Ждём вас", **columns: Any) -> None:
    """A message of the desk."""
    support.insert(
        world.connection, "support.messages", conversation_id=world.conversation, client_id=world.desk.id,
        role=role, content=content, **columns,
    )  # fmt: skip


async def test_people_are_called_with_the_true_time_and_the_bot_is_silent(world: World) -> None:
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))

    report = await world.tick()

    [handover] = world.handovers()
    assert (report["handed_over"], handover["status"], handover["trigger_type"]) == (1, "pending", "timeout")
    assert handover["remind_at"] is not None
    [card], [line] = world.sent("support/card"), world.sent("support/in-topic")
    assert "👤 [писали 30 ч назад, " in card
    assert line.startswith("👤 [писали 30 ч назад, ")
    assert line.endswith("] Сколько стоит стрижка?")
    assert (world.sent(), world.asked()) == ([], [])


async def test_an_english_desk_reads_the_time_in_english(world: World) -> None:
    world.connection.execute("update support.client_settings set language = 'en', timezone = 'UTC'")
    written = datetime.now(UTC) - timedelta(days=3)
    world.wrote("How much is a haircut?", sent_at=written.isoformat())

    await world.tick()

    [line] = world.sent("support/in-topic")
    assert line == f"👤 [written 3 days ago, {written.day} {written:%b} at {written:%H:%M}] How much is a haircut?"


async def test_several_are_one_request_with_all_lines_in_the_order_of_writing(world: World) -> None:
    words = [f"Вопрос {number}" for number in range(8)]
    for number in (1, 0, 2, 4, 3, 7, 5, 6):
        world.wrote(words[number], sent_at=ago(hours=40 - number))

    await world.tick()

    assert len(world.handovers()) == 1
    assert [line.rpartition("] ")[2] for line in world.sent("support/in-topic")] == words
    assert [line.rpartition("] ")[2].partition("<")[0] for line in world.sent("support/card")[0].split("\n")[2:8]] == (
        words[2:]
    )


async def test_a_keyword_is_still_why(world: World) -> None:
    world.wrote("Позовите менеджера", sent_at=ago(hours=30))

    await world.tick()

    assert world.handovers()[0]["trigger_type"] == "keyword"
    assert world.sent() == []


async def test_who_writes_again_now_is_answered_for_both(world: World) -> None:
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))
    world.wrote("Ау, вы тут?")

    await world.tick()

    assert len(world.handovers()) == 1
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert world.asked() == []


@pytest.mark.parametrize("place", ["before", "after"])
async def test_what_a_later_message_of_ours_answered_is_history(world: World, place: str) -> None:
    """The phone's messages come in the same sync, before the customer's or after them."""
    reply = {"metadata": f'{{"kind": "text", "from": "phone", "late": true, "sent_at": "{ago(hours=29)}"}}'}
    if place == "before":
        ours(world, **reply)
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))
    if place == "after":
        ours(world, **reply)
        world.connection.execute(
            "update support.messages set created_at = clock_timestamp() + interval '1 second' where role = 'user'"
        )

    assert (await world.tick())["quiet"] == 1
    assert (world.handovers(), world.sent("support/in-topic")) == ([], [])
    assert world.state()["answer_due_at"] is None


async def test_what_the_bot_said_later_answers_it_too(world: World) -> None:
    ours(world, "assistant", created_at=ago(hours=20))
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))

    await world.tick()

    assert world.handovers() == []


@pytest.mark.parametrize(
    "columns",
    [
        {"created_at": ago(hours=31)},
        {"created_at": ago(hours=20), "metadata": '{"kind": "reaction"}'},
        {"created_at": ago(hours=20), "role": "system"},
    ],
    ids=["earlier", "reaction", "system"],
)
async def test_what_is_no_later_message_of_ours_answers_nothing(world: World, columns: dict[str, Any]) -> None:
    ours(world, **columns)
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))

    await world.tick()

    assert len(world.handovers()) == 1


async def test_a_reply_that_never_arrived_answers_nothing(world: World) -> None:
    outbox = support.insert(
        world.connection, "platform.outbox", bot_id=world.desk.whatsapp_bot, recipient=support.JID, lane=support.JID,
        kind="support/bot-reply", method="sendMessage", payload="{}", dedup_key="one", policy="at_most_once",
        state="dead", error_class="undeliverable", finished_at=ago(hours=20), correlation_id="trace",
        expires_at=ago(hours=18),
    )  # fmt: skip
    ours(world, "assistant", created_at=ago(hours=20), outbox_id=outbox)
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))

    await world.tick()

    assert len(world.handovers()) == 1


async def test_what_comes_late_after_newer_ones_were_answered_pages_nobody(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")
    await world.tick()
    world.wrote("Здравствуйте", sent_at=ago(hours=1))

    await world.tick()

    assert len(world.sent()) == 1
    assert world.handovers() == []


async def test_what_comes_hours_late_is_answered_and_the_model_knows_when_it_was_written(world: World) -> None:
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=2))

    await world.tick()

    assert "6000" in world.sent()[0]
    assert world.asked()[0]["messages"][-1]["content"].startswith("Now:\ncustomer> [писали 2 ч назад, ")


async def test_what_history_holds_pages_nobody(world: World) -> None:
    world.wrote("Сколько стоит стрижка?", sent_at=ago(days=20), late=True)

    assert (await world.tick())["quiet"] == 1
    assert world.handovers() == []


async def test_while_a_request_is_open_the_topic_shows_what_came_late(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.wrote("И ещё про аллергию", sent_at=ago(hours=30))

    await world.tick()

    [handover] = world.handovers()
    assert handover["joined"] == 1
    assert world.sent("support/in-topic")[-1].endswith("] И ещё про аллергию")
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_a_late_no_mutes_the_bot_without_a_word(world: World) -> None:
    world.wrote("Нет, спасибо", sent_at=ago(hours=30))

    await world.tick()

    assert (world.state()["bot_status"], world.state()["no_count"]) == ("muted", 1)
    assert (world.sent(), world.handovers()) == ([], [])


@pytest.mark.parametrize(("opened", "status"), [(31, "bot_handling"), (1, "pending")])
async def test_a_late_no_cancels_only_what_was_open_when_it_was_written(world: World, opened: int, status: str) -> None:
    support.insert(
        world.connection, "support.handovers", conversation_id=world.conversation, client_id=world.desk.id,
        trigger_type="keyword", created_at=ago(hours=opened),
    )  # fmt: skip
    world.wrote("Не надо", sent_at=ago(hours=30))

    await world.tick()

    assert world.handovers()[0]["status"] == status
    assert world.sent() == []


async def test_a_deleted_message_asks_nothing(world: World) -> None:
    world.wrote("", deleted=True)

    assert (await world.tick())["quiet"] == 1
    assert world.handovers() == []


async def test_a_conversation_that_was_answered_long_ago_does_not_keep_its_rows_unread(world: World) -> None:
    ours(world, "assistant", created_at=ago(hours=20))
    world.wrote("Сколько стоит стрижка?", sent_at=ago(hours=30))
    await world.tick()

    [row] = rows(world.connection, "select max(position) as last from support.messages")
    assert world.state()["heard_position"] == row["last"]
