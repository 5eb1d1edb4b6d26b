"""What a message leads to: the bot's turn, the topic where managers look, or nothing at all."""

from datetime import timedelta
from typing import Any

import pytest

from functions.ingest_webhook.whatsapp import floods
from shared.payload.values import MAX_TEXT
from shared.support.texts import MORE_ON_THE_PHONE
from tests.functions.ingest_webhook.whatsapp.world import (
    PHOTO,
    STORED,
    UNPARSED,
    World,
    chatflow,
    evolution,
    new_jid,
    photo,
)
from tests.helpers.worlds.support import insert


def test_an_answer_is_due_when_the_customer_pauses(world: World) -> None:
    world.add_desk("gathering", gather_seconds=20)
    jid = new_jid()
    due = []
    for _ in range(2):
        world.json(chatflow(jid), "gathering")
        talk = world.conversation(jid)
        due.append(talk["answer_due_at"])
        assert talk["answer_due_at"] - talk["last_message_at"] == timedelta(seconds=20)

    assert due[0] < due[1]


def test_a_burst_that_never_pauses_is_put_off_for_half_a_minute_at_most(world: World) -> None:
    world.add_desk("talkative", gather_seconds=20)
    jid = new_jid()
    world.json(chatflow(jid), "talkative")
    due = world.conversation(jid)["answer_due_at"]
    [first] = world.messages(jid)
    query = "update support.messages set created_at = created_at - interval '31 seconds' where id = %s"
    world.connection.execute(query, (first["id"],))

    world.json(chatflow(jid), "talkative")
    assert world.conversation(jid)["answer_due_at"] == due

    query = "update support.conversations set heard_position = %s where id = %s"
    world.connection.execute(query, (first["position"], first["conversation_id"]))
    world.json(chatflow(jid), "talkative")
    assert world.conversation(jid)["answer_due_at"] > due


@pytest.mark.parametrize(("hours", "left"), [(25, 0), (23, 2)])
def test_opt_outs_are_forgotten_after_a_silence(world: World, hours: int, left: int) -> None:
    jid = new_jid()
    conversation = world.begin_conversation(jid, no_count=2, status="closed")
    query = "update support.conversations set last_message_at = now() - make_interval(hours => %s) where id = %s"
    world.connection.execute(query, (hours, conversation))

    world.json(chatflow(jid))

    talk = world.conversation(jid)
    assert (talk["no_count"], talk["status"]) == (left, "open")


@pytest.mark.parametrize(
    "message",
    [
        {"reactionMessage": {"key": {"id": "3EB0"}, "text": "👍"}},
        {"stickerMessage": {"mimetype": "image/webp"}},
    ],
    ids=["reaction", "sticker"],
)
def test_a_reaction_or_sticker_needs_no_answer(world: World, message: Any) -> None:
    jid = new_jid()
    world.json(evolution(jid), "evolution")
    query = "update support.conversations set answer_due_at = null where id = %s returning last_message_at"
    [before] = world.connection.execute(query, (world.conversation(jid)["id"],)).fetchall()

    assert world.json(evolution(jid, message), "evolution").json() == STORED
    talk = world.conversation(jid)
    assert (talk["answer_due_at"], talk["last_message_at"]) == (None, before["last_message_at"])


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_for_a_desk_that_is_not_active_messages_are_only_stored(world: World, status: str) -> None:
    jid = new_jid()
    away = world.add_desk(f"away-{status}")
    world.connection.execute("update support.clients set status = %s where id = %s", (status, away.id))
    world.json(chatflow(jid), f"away-{status}")
    conversation = world.conversation(jid)
    insert(world.connection, "support.handovers", client_id=away.id, conversation_id=conversation["id"],
           trigger_type="keyword")  # fmt: skip

    for own in (False, True):
        assert world.json(chatflow(jid, metadata={"fromMe": own}), f"away-{status}").json() == STORED

    talk = world.conversation(jid)
    assert (talk["answer_due_at"], talk["bot_status"]) == (None, "active")
    assert [row["role"] for row in world.messages(jid)] == ["user", "user", "manager"]
    assert world.in_topic(jid) == []


def test_messages_to_a_source_without_a_desk_are_kept_in_the_inbox(world: World) -> None:
    nobody = world.add_desk("nobody")
    world.connection.execute("update support.clients set source_id = null where id = %s", (nobody.id,))
    jid = new_jid()
    body = chatflow(jid)

    first, again = (world.json(body, "nobody") for _ in range(2))

    assert first.json() == again.json() == UNPARSED
    [row] = world.inbox(first)
    assert row["reason"] == "no client uses this source: carillon support add-client"
    assert world.inbox(again) == []
    assert world.messages(jid) == []


# In the topic -------------------------------------------------------------------------------------


def shown(world: World, jid: str) -> list[Any]:
    return [
        row["payload"].get("text") or row["payload"].get("photo") or row["payload"].get("document")
        for row in world.in_topic(jid)
    ]


def test_without_a_topic_and_a_handover_managers_are_shown_nothing(world: World) -> None:
    jid = new_jid()
    world.json(chatflow(jid))

    assert world.in_topic(jid) == []


def test_during_a_handover_and_afterwards_all_goes_into_the_topic(world: World) -> None:
    jid = new_jid()
    handover = world.open_handover(world.begin_conversation(jid))
    world.json(chatflow(jid, "<b>Где вы?"))
    query = "update support.handovers set status = 'bot_handling', resolved_at = now() where id = %s"
    world.connection.execute(query, (handover,))
    world.json(photo(jid))
    world.json(evolution(jid), "evolution")  # another desk's

    assert shown(world, jid) == ["👤 &lt;b&gt;Где вы?", PHOTO["url"]]
    [words, file] = world.in_topic(jid)
    assert (words["method"], file["method"], file["payload"]["caption"]) == ("sendMessage", "sendPhoto", "👤 Так хочу")
    client = world.desks["chatflow"].id
    assert [row["outbox_id"] for row in world.messages(jid, client)] == [words["id"], file["id"]]
    assert words["chat_id"] == world.desks["chatflow"].chat


def test_of_a_customers_flood_the_topic_shows_beginnings(world: World) -> None:
    jid, other = new_jid(), new_jid()
    for customer in (jid, other):
        world.open_handover(world.begin_conversation(customer))
    longest = "ж" * MAX_TEXT
    whole = floods.MAX_BYTES // len(longest.encode())
    for _ in range(whole + 2):
        world.json(chatflow(jid, longest))
    world.json(chatflow(jid, "Ау"))
    world.json(chatflow(other, longest))

    assert "".join(shown(world, other)).count("ж") == MAX_TEXT
    *_, first, second, last = shown(world, jid)
    assert first == second == f"👤 {longest[: floods.SHORT]}…\n{MORE_ON_THE_PHONE.ru}"
    assert last == "👤 Ау"
    assert "".join(shown(world, jid)).count("ж") == whole * MAX_TEXT + 2 * floods.SHORT
    assert {row["content"] for row in world.messages(jid)} == {longest, "Ау"}, "all of it is stored"


def test_of_a_file_that_cannot_be_fetched_the_caption_is_shown(world: World) -> None:
    jid = new_jid()
    world.open_handover(world.begin_conversation(jid))
    world.json(photo(jid, mediaData={"type": "image"}, message="Вот"))
    world.json(chatflow(jid, None, messageType="poll"))

    assert shown(world, jid) == [
        "👤 [фото: сюда не передаётся, откройте WhatsApp на телефоне] Вот",
        "👤 [голосование]",
    ]
