"""Messages that come long after they were written: a backlog waits for people, history is only kept."""

import time
from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.ingest_webhook.whatsapp.world import STORED, World, chatflow, new_jid, photo, typed

HOUR, DAY = 3600, 86_400
CONNECTED = "update support.clients set created_at = now() - make_interval(days => %s) where id = %s"


@pytest.fixture
def world(world: World) -> World:
    """A desk that was connected a month ago."""
    world.connection.execute(CONNECTED, (30, world.desks["chatflow"].id))
    return world


def ago(seconds: float) -> dict[str, int]:
    """ChatFlow's time of a message."""
    return {"timestamp": int(time.time() - seconds)}


def test_what_was_written_during_an_outage_waits_for_an_answer(world: World) -> None:
    jid = new_jid()

    assert world.json(chatflow(jid, metadata=ago(30 * HOUR))).json() == STORED

    [message] = world.messages(jid)
    conversation = world.conversation(jid)
    assert "late" not in message["metadata"]
    assert conversation["answer_due_at"] is not None
    assert world.in_topic(jid) == []


def test_its_time_is_not_taken_for_the_customers_last_word(world: World) -> None:
    jid = new_jid()
    conversation = world.begin_conversation(jid, no_count=1)
    before = world.conversation(jid)

    world.json(chatflow(jid, metadata=ago(30 * HOUR)))

    after = world.conversation(jid)
    assert (after["last_message_at"], after["no_count"]) == (before["last_message_at"], 1)
    assert after["id"] == conversation


@pytest.mark.parametrize(
    ("days", "changes"),
    [
        (30, {"metadata": ago(7 * DAY + HOUR)}),
        (1, {"metadata": ago(2 * DAY)}),
        (30, {"metadata": {**ago(30 * HOUR), "fromMe": True}}),
    ],
    ids=["older-than-a-week", "older-than-the-desk", "our-own"],
)
def test_history_is_stored_and_nothing_follows(world: World, days: int, changes: dict[str, Any]) -> None:
    desk = world.desks["chatflow"]
    world.connection.execute(CONNECTED, (days, desk.id))
    world.connection.execute("update platform.webhook_sources set created_at = now() where id = %s", (desk.source,))
    jid = new_jid()
    world.open_handover(world.begin_conversation(jid))
    before = world.conversation(jid)

    assert world.json(chatflow(jid, **changes)).json() == STORED

    [message] = world.messages(jid)
    assert message["metadata"]["late"] is True
    assert world.conversation(jid) == before
    assert world.in_topic(jid) == []


def test_a_desk_is_as_old_as_its_source(world: World) -> None:
    desk = world.desks["chatflow"]
    world.connection.execute(CONNECTED, (0, desk.id))
    query = "update platform.webhook_sources set created_at = now() - interval '5 days' where id = %s"
    world.connection.execute(query, (desk.source,))
    jid = new_jid()

    world.json(chatflow(jid, metadata=ago(4 * DAY)))

    assert world.conversation(jid)["answer_due_at"] is not None


def test_what_comes_hours_late_is_shown_with_its_time(world: World) -> None:
    jid = new_jid()
    world.open_handover(world.begin_conversation(jid))

    world.json(chatflow(jid, "Вы работаете?", metadata=ago(2 * HOUR)))
    world.json(photo(jid, metadata=ago(40 * 60)))
    world.json(chatflow(jid, "Ау", metadata=ago(60)))

    texts, file, now = world.in_topic(jid)
    assert texts["payload"]["text"].startswith("👤 [писали 2 ч назад, ")
    assert texts["payload"]["text"].endswith("] Вы работаете?")
    assert file["payload"]["caption"].startswith("👤 [писали 40 мин назад, ")
    assert now["payload"]["text"] == "👤 Ау"
    assert world.conversation(jid)["answer_due_at"] is not None


def test_what_a_colleague_wrote_hours_ago_still_takes_the_request_over(world: World) -> None:
    jid = new_jid()
    handover = world.open_handover(world.begin_conversation(jid))
    body = typed(jid, "Уже еду")
    body["metadata"] |= ago(2 * HOUR)

    world.json(body)

    [row] = rows(world.connection, "select status from support.handovers where id = %s", handover)
    assert row["status"] == "active"
    assert world.in_topic(jid)[0]["payload"]["text"].startswith("📱 [писали 2 ч назад, ")


def test_what_a_colleague_answered_days_ago_on_the_phone_takes_the_open_request_over(world: World) -> None:
    jid = new_jid()
    handover = world.open_handover(world.begin_conversation(jid))
    query = "update support.handovers set created_at = now() - interval '3 days' where id = %s"
    world.connection.execute(query, (handover,))
    body = typed(jid, "Перезвонила вам")
    body["metadata"] |= ago(47 * HOUR)

    world.json(body)

    [row] = rows(world.connection, "select status from support.handovers where id = %s", handover)
    assert row["status"] == "active"
    assert world.in_topic(jid)[0]["payload"]["text"].startswith("📱 [писали 47 ч назад, ")
    assert "late" not in world.messages(jid)[-1]["metadata"]
