"""What a message leads to: the bot's turn, the topic where managers look, or nothing at all."""

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.functions.ingest_webhook.whatsapp.gate import (
    PHOTO,
    STORED,
    UNPARSED,
    Gate,
    chatflow,
    evolution,
    new_jid,
    photo,
)
from tests.helpers.desk import insert

DAY = 86_400


def test_the_bots_turn_comes_when_the_client_pauses(gate: Gate) -> None:
    gate.add_desk("gathering", gather_seconds=20)
    jid = new_jid()
    due = []
    for _ in range(2):
        gate.json(chatflow(jid), "gathering")
        talk = gate.conversation(jid)
        due.append(talk["answer_due_at"])
        assert talk["answer_due_at"] - talk["last_message_at"] == timedelta(seconds=20)

    assert due[0] < due[1]


def test_a_burst_that_never_pauses_is_put_off_for_half_a_minute_at_most(gate: Gate) -> None:
    gate.add_desk("talkative", gather_seconds=20)
    jid = new_jid()
    gate.json(chatflow(jid), "talkative")
    due = gate.conversation(jid)["answer_due_at"]
    [first] = gate.messages(jid)
    query = "update support.messages set created_at = created_at - interval '31 seconds' where id = %s"
    gate.connection.execute(query, (first["id"],))

    gate.json(chatflow(jid), "talkative")
    assert gate.conversation(jid)["answer_due_at"] == due

    query = "update support.conversations set heard_position = %s where id = %s"
    gate.connection.execute(query, (first["position"], first["conversation_id"]))
    gate.json(chatflow(jid), "talkative")
    assert gate.conversation(jid)["answer_due_at"] > due


@pytest.mark.parametrize(("hours", "left"), [(25, 0), (23, 2)])
def test_refusals_are_forgotten_after_a_silence(gate: Gate, hours: int, left: int) -> None:
    jid = new_jid()
    conversation = gate.begun(jid, no_count=2, status="closed")
    query = "update support.conversations set last_message_at = now() - make_interval(hours => %s) where id = %s"
    gate.connection.execute(query, (hours, conversation))

    gate.json(chatflow(jid))

    talk = gate.conversation(jid)
    assert (talk["no_count"], talk["status"]) == (left, "open")


@pytest.mark.parametrize(
    "message",
    [
        {"reactionMessage": {"key": {"id": "3EB0"}, "text": "👍"}},
        {"stickerMessage": {"mimetype": "image/webp"}},
    ],
    ids=["reaction", "sticker"],
)
def test_a_nod_wants_no_answer(gate: Gate, message: Any) -> None:
    jid = new_jid()
    gate.json(evolution(jid), "evolution")
    query = "update support.conversations set answer_due_at = null where id = %s returning last_message_at"
    [before] = gate.connection.execute(query, (gate.conversation(jid)["id"],)).fetchall()

    assert gate.json(evolution(jid, message), "evolution").json() == STORED
    talk = gate.conversation(jid)
    assert (talk["answer_due_at"], talk["last_message_at"]) == (None, before["last_message_at"])


def test_history_after_a_while_apart_is_kept_but_nobody_answers_it_and_nobody_is_shown_it(gate: Gate) -> None:
    jid = new_jid()
    conversation = gate.begun(jid)
    gate.called(conversation)
    before = gate.conversation(jid)
    old = int(time.time()) - DAY - 60

    for own in (False, True):
        assert gate.json(chatflow(jid, metadata={"timestamp": old, "fromMe": own})).json() == STORED

    assert [row["metadata"]["late"] for row in gate.messages(jid)] == [True, True]
    assert gate.conversation(jid) == before
    assert gate.in_topic(jid) == []
    gate.json(chatflow(jid, metadata={"timestamp": old + 180}))
    assert "late" not in gate.messages(jid)[-1]["metadata"]
    assert gate.conversation(jid)["answer_due_at"] is not None


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_client_who_is_not_active_is_only_listened_to(gate: Gate, status: str) -> None:
    jid = new_jid()
    away = gate.add_desk(f"away-{status}")
    gate.connection.execute("update support.clients set status = %s where id = %s", (status, away.client))
    gate.json(chatflow(jid), f"away-{status}")
    conversation = gate.conversation(jid)
    insert(gate.connection, "support.handovers", client_id=away.client, conversation_id=conversation["id"],
           trigger_type="keyword")  # fmt: skip

    for own in (False, True):
        assert gate.json(chatflow(jid, metadata={"fromMe": own}), f"away-{status}").json() == STORED

    talk = gate.conversation(jid)
    assert (talk["answer_due_at"], talk["bot_status"]) == (None, "active")
    assert [row["role"] for row in gate.messages(jid)] == ["user", "user", "manager"]
    assert gate.in_topic(jid) == []


def test_what_comes_for_nobody_is_kept_until_somebody_is_told(gate: Gate) -> None:
    nobody = gate.add_desk("nobody")
    gate.connection.execute("update support.clients set source_id = null where id = %s", (nobody.client,))
    jid = new_jid()
    body = chatflow(jid)

    first, again = (gate.json(body, "nobody") for _ in range(2))

    assert first.json() == again.json() == UNPARSED
    [row] = gate.aside(first)
    assert row["reason"] == "no client uses this source: carillon support add-client"
    assert gate.aside(again) == []
    assert gate.messages(jid) == []


# In the topic -------------------------------------------------------------------------------------


def shown(gate: Gate, jid: str) -> list[Any]:
    return [
        row["payload"].get("text") or row["payload"].get("photo") or row["payload"].get("document")
        for row in gate.in_topic(jid)
    ]


def test_without_a_topic_and_a_handover_nobody_is_shown_anything(gate: Gate) -> None:
    jid = new_jid()
    gate.json(chatflow(jid))

    assert gate.in_topic(jid) == []


def test_while_somebody_is_called_all_goes_into_the_topic_and_so_it_does_afterwards(gate: Gate) -> None:
    jid = new_jid()
    handover = gate.called(gate.begun(jid))
    gate.json(chatflow(jid, "<b>Где вы?"))
    query = "update support.handovers set status = 'bot_handling', resolved_at = now() where id = %s"
    gate.connection.execute(query, (handover,))
    gate.json(photo(jid))
    gate.json(evolution(jid), "evolution")  # another desk's

    assert shown(gate, jid) == ["👤 &lt;b&gt;Где вы?", PHOTO["url"]]
    [words, file] = gate.in_topic(jid)
    assert (words["method"], file["method"], file["payload"]["caption"]) == ("sendMessage", "sendPhoto", "👤 Так хочу")
    client = gate.desks["chatflow"].client
    assert [row["outbox_id"] for row in gate.messages(jid, client)] == [words["id"], file["id"]]
    assert words["chat_id"] == gate.desks["chatflow"].chat


def test_of_a_file_that_cannot_be_fetched_its_words_are_shown(gate: Gate) -> None:
    jid = new_jid()
    gate.called(gate.begun(jid))
    gate.json(photo(jid, mediaData={"type": "image"}, message="Вот"))
    gate.json(chatflow(jid, None, messageType="poll"))

    assert shown(gate, jid) == [
        "👤 [фото: сюда не передаётся, откройте WhatsApp на телефоне] Вот",
        "👤 [такое сообщение сюда не передаётся, откройте WhatsApp на телефоне]",
    ]
