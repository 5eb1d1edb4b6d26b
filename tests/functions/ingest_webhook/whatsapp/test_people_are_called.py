"""From a gateway's call to the card: what was written during an outage, and what a sync brings."""

import asyncio
import time
from typing import Any

import pytest

from functions.answer_conversations.run import Run
from shared import config
from shared.database.pool import Database
from shared.delivery.poke import Poke
from tests.functions.ingest_webhook.whatsapp.world import World, cloud, cloud_text, evolution, new_id, new_jid

HOUR, DAY = 3600, 86_400


@pytest.fixture
def world(world: World) -> World:
    """Desks that were connected ten days ago."""
    world.connection.execute("update support.clients set created_at = now() - interval '10 days'")
    world.connection.execute("delete from support.handovers")
    return world


def answer(world: World) -> None:
    """One invocation of answer_conversations, without a model."""
    asyncio.run(_answer(world.url))


async def _answer(url: str) -> None:
    database = Database(url, size=2)
    try:
        await Run(database, config.load({"DATABASE_URL": url}), Poke("none", ""), 5.0).run()
    finally:
        await database.close()


def requests(world: World) -> list[Any]:
    return world.rows(
        "select h.status, u.remote_jid, o.payload ->> 'text' as card from support.handovers h"
        " join support.conversations c on c.id = h.conversation_id join support.users u on u.id = c.user_id"
        " join platform.outbox o on o.id = h.outbox_id order by h.number"
    )


def written(jid: str, words: str, hours: float, *, own: bool = False) -> dict[str, Any]:
    """A message of Evolution's as it stands in a batch."""
    message: dict[str, Any] = evolution(jid, {"conversation": words}, fromMe=own)["data"]
    return {**message, "messageTimestamp": int(time.time() - hours * HOUR)}


def batch(messages: list[dict[str, Any]]) -> dict[str, Any]:
    return {"event": "messages.upsert", "instance": "evolution-instance", "data": messages}


def test_a_webhook_that_meta_repeats_after_an_outage_pages_people(world: World) -> None:
    jid = new_jid()
    body = cloud(cloud_text(jid, text={"body": "У меня аллергия"}, timestamp=str(int(time.time()) - 30 * HOUR)))

    for _ in range(2):
        world.signed(body)
        answer(world)

    [request] = requests(world)
    assert request["status"] == "pending"
    assert "👤 [писали 30 ч назад, " in request["card"]
    assert "У меня аллергия" in request["card"]
    assert [row["payload"]["text"].rpartition("] ")[2] for row in world.in_topic(jid)] == ["У меня аллергия"]
    assert world.rows("select from platform.outbox where kind = 'support/bot-reply' and recipient = %s", jid) == []


def test_a_weekend_without_the_phone_is_one_request_for_each_who_was_not_answered(world: World) -> None:
    left, answered = new_jid(), new_jid()
    world.json(
        batch([written(left, f"Вопрос {n}", 40 - n) for n in range(3)] + [written(answered, "Цена?", 30)]), "evolution"
    )
    world.json(batch([written(answered, "6000", 29, own=True)]), "evolution")

    answer(world)

    [request] = requests(world)
    assert request["remote_jid"] == left
    assert [row["payload"]["text"].rpartition("] ")[2] for row in world.in_topic(left)] == [
        "Вопрос 0", "Вопрос 1", "Вопрос 2",
    ]  # fmt: skip


def test_a_sync_of_hundreds_pages_nobody(world: World) -> None:
    messages = []
    for person in range(100):
        jid = new_jid()
        hours = 24 * 30 if person % 2 else 40
        messages += [written(jid, "Здравствуйте", hours), written(jid, "Чем помочь?", hours - 1, own=True)]
        messages += [written(jid, "Уже ничем", hours - 2)] * (person % 2)
    for start in range(0, len(messages), 50):
        world.json(batch(messages[start : start + 50]), "evolution")

    answer(world)

    assert requests(world) == []
    assert world.rows("select from support.conversations where answer_due_at is not null") == []


def test_a_missed_call_and_a_message_that_only_the_phone_shows_page_people(world: World) -> None:
    caller, lead = new_jid(), new_jid()
    call = {"id": new_id(), "from": caller, "chatId": caller, "isGroup": False, "isVideo": False, "offline": False}
    for status in ("offer", "timeout", "terminate"):
        body = {"event": "call", "instance": "evolution-instance", "data": {**call, "status": status}}
        world.json(body, "evolution")
    errors = [{"code": 131060, "title": "This message is unavailable"}]
    world.signed(cloud(cloud_text(lead, type="unsupported", unsupported={"type": "unknown"}, errors=errors)))

    answer(world)

    cards = {request["remote_jid"]: request["card"] for request in requests(world)}
    assert cards.keys() == {caller, lead}
    assert cards[caller].count("👤 📞 пропущенный звонок") == 1
    assert "👤 [сообщение, которое видно только на телефоне: откройте WhatsApp]" in cards[lead]
    assert [row["payload"]["text"] for row in world.in_topic(caller)] == ["👤 📞 пропущенный звонок"]
