"""Edits and deletions: what was meant says the new words from then on, in the history and in the topic."""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    IGNORED,
    STORED,
    UNPARSED,
    World,
    cloud,
    cloud_text,
    evolution,
    new_id,
    new_jid,
)
from tests.helpers.worlds.support import insert

OWN = "77010000009@s.whatsapp.net"
BEFORE, AFTER = "Запишите на 5", "Запишите на 6"


def edited(
    message_id: str, text: str | None = AFTER, *, event: str = "messages.edited", at: float = 0
) -> dict[str, Any]:
    """What Evolution says of an edit: as ours, in a chat with the desk's own number. Without text it is a deletion."""
    kind = "MESSAGE_EDIT" if text is not None else "REVOKE"
    milliseconds = str(int((time.time() + at) * 1000))
    data: dict[str, Any] = {"key": {"remoteJid": OWN, "fromMe": True, "id": message_id}, "type": kind}
    data |= {"timestampMs": milliseconds} | ({"editedMessage": {"conversation": text}} if text is not None else {})
    return {"event": event, "instance": "salon", "data": data, "sender": OWN}


def began(world: World, jid: str, *, gateway: str = "evolution", open_handover: bool = True) -> str:
    """The id of BEFORE, written by the customer to a desk in whose topic it is shown."""
    message_id = new_id()
    if open_handover:
        begin(world, jid, gateway)
    assert world.json(evolution(jid, {"conversation": BEFORE}, message_id), gateway).json() == STORED
    return message_id


def begin(world: World, jid: str, gateway: str) -> UUID:
    """A conversation with an open handover."""
    client = world.desks[gateway].id
    user = insert(world.connection, "support.users", client_id=client, remote_jid=jid, phone=jid.partition("@")[0])
    conversation = insert(world.connection, "support.conversations", client_id=client, user_id=user)
    insert(
        world.connection, "support.handovers", conversation_id=conversation, client_id=client, trigger_type="keyword"
    )
    return conversation


def in_topic(world: World, jid: str) -> list[str]:
    return [row["payload"]["text"] for row in world.in_topic(jid)]


@pytest.mark.parametrize("path", ["evolution", "evolution/messages-edited"])
def test_an_edit_corrects_the_message_wherever_its_key_claims_to_be(world: World, path: str) -> None:
    jid = new_jid()
    message_id = began(world, jid)
    due = world.conversation(jid)["answer_due_at"]
    body = edited(message_id)

    assert [world.json(body, path).json() for _ in range(2)] == [STORED, DUPLICATE]

    [message] = world.messages(jid)
    assert (message["content"], message["role"]) == (AFTER, "user")
    assert [correction["was"] for correction in message["metadata"]["corrections"]] == [BEFORE]
    assert in_topic(world, jid) == [
        f"👤 {BEFORE}",
        f"✏️ клиент исправил сообщение, было: {BEFORE}\nстало: {AFTER}",
    ]
    conversation = world.conversation(jid)
    assert conversation["bot_status"] == "active"
    assert conversation["answer_due_at"] > due  # a run that has read the old words is overtaken
    assert world.rows("select id from support.users where remote_jid = %s", OWN) == []


def test_the_correction_answers_the_message_in_the_topic(world: World) -> None:
    jid = new_jid()
    message_id = began(world, jid)
    [shown] = world.in_topic(jid)
    query = "update platform.outbox set state = 'sent', message_id = 555, finished_at = now() where id = %s"
    world.connection.execute(query, (shown["id"],))

    world.json(edited(message_id), "evolution")

    reply = world.in_topic(jid)[-1]["payload"]["reply_parameters"]
    assert reply == {"message_id": 555, "allow_sending_without_reply": True}


def test_an_edit_of_what_the_bot_has_read_asks_nothing(world: World) -> None:
    jid = new_jid()
    message_id = began(world, jid, open_handover=False)
    [message] = world.messages(jid)
    query = "update support.conversations set answer_due_at = null, heard_position = %s where id = %s"
    world.connection.execute(query, (message["position"], message["conversation_id"]))

    assert world.json(edited(message_id), "evolution").json() == STORED

    assert [row["content"] for row in world.messages(jid)] == [AFTER]
    assert world.conversation(jid)["answer_due_at"] is None
    assert in_topic(world, jid) == []  # there is no topic


@pytest.mark.parametrize("event", ["messages.edited", "messages.delete", "messages.update"])
def test_a_deleted_message_is_not_read_any_more(world: World, event: str) -> None:
    jid = new_jid()
    message_id = began(world, jid)
    body = edited(message_id, None)
    if event == "messages.delete":
        body = {**body, "event": event, "data": body["data"]["key"]}
    elif event == "messages.update":
        update = {"message": None, "messageStubType": "REVOKE"}
        body = {**body, "event": event, "data": {"key": body["data"]["key"], "update": update}}

    assert [world.json(body, "evolution").json() for _ in range(2)] == [STORED, DUPLICATE]

    [message] = world.messages(jid)
    assert (message["content"], message["metadata"]["deleted"]) == ("", True)
    assert message["metadata"]["corrections"][0]["was"] == BEFORE
    assert in_topic(world, jid)[-1] == f"🗑 клиент удалил сообщение: {BEFORE}"
    assert world.json(edited(message_id), "evolution").json() == DUPLICATE  # an edit that was late


def test_edits_count_in_the_order_in_which_they_were_made(world: World) -> None:
    jid = new_jid()
    message_id = began(world, jid)
    last, first = edited(message_id, "на 7", at=60), edited(message_id, "на 6", at=30)

    assert [world.json(body, "evolution").json() for body in (last, first, last)] == [STORED, DUPLICATE, DUPLICATE]
    assert world.messages(jid)[0]["content"] == "на 7"


def test_a_message_and_its_edit_may_come_in_one_batch(world: World) -> None:
    jid, message_id = new_jid(), new_id()
    message = evolution(jid, {"conversation": BEFORE}, message_id)["data"]
    edit = evolution(jid, {"editedMessage": {"message": {"protocolMessage": edited(message_id)["data"]}}})["data"]

    body = {"event": "messages.upsert", "instance": "salon", "data": [message, edit]}

    assert world.json(body, "evolution").json() == STORED | {"stored": 2}
    assert [row["content"] for row in world.messages(jid)] == [AFTER]


@pytest.mark.parametrize("text", [AFTER, None])
def test_a_correction_of_an_unknown_message_is_kept_for_a_person(world: World, text: str | None) -> None:
    body = edited(new_id(), text)

    first, again = (world.json(body, "evolution") for _ in range(2))

    assert first.json() == again.json() == UNPARSED
    [kept] = world.inbox(first)
    assert kept["reason"] == "an edit or a deletion of a message that is not known here"
    assert world.inbox(again) == []
    assert world.rows("select id from support.users where remote_jid = %s", OWN) == []


def test_a_message_of_another_desk_is_not_corrected(world: World) -> None:
    jid, message_id = new_jid(), new_id()
    text = cloud_text(jid, message_id, text={"body": BEFORE})
    world.signed(cloud(text))

    assert world.json(edited(message_id), "evolution").json() == UNPARSED
    assert world.messages(jid)[0]["content"] == BEFORE


def test_meta_brings_edits_and_deletions_as_messages_of_their_own(world: World) -> None:
    jid, message_id = new_jid(), new_id()
    begin(world, jid, "whatsapp_cloud")
    photo: dict[str, Any] = {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": BEFORE}}
    world.signed(cloud(cloud_text(jid, message_id, **photo)))
    new = {"type": "image", "image": {"id": "1", "caption": AFTER}}

    contents: list[dict[str, Any]] = [
        {"type": "edit", "edit": {"original_message_id": message_id, "message": new}},
        {"type": "revoke", "revoke": {"original_message_id": message_id}},
    ]
    for content in contents:
        assert world.signed(cloud(cloud_text(jid, **content))).json() == STORED

    [message] = world.messages(jid)
    assert [correction["was"] for correction in message["metadata"]["corrections"]] == [BEFORE, AFTER]
    assert message["metadata"]["media"]["caption"] == AFTER
    assert in_topic(world, jid)[1:] == [
        f"✏️ клиент исправил сообщение, было: [фото] {BEFORE}\nстало: [фото] {AFTER}",
        f"🗑 клиент удалил сообщение: [фото] {AFTER}",
    ]


def test_what_we_edit_on_the_phone_is_corrected_and_takes_nothing_over(world: World) -> None:
    jid, message_id = new_jid(), new_id()
    begin(world, jid, "whatsapp_cloud")
    echo = cloud_text("77010000009@s", message_id, to=jid.partition("@")[0], text={"body": BEFORE})
    world.signed(cloud(contacts=[], messages=None, message_echoes=[echo]))
    corrected = {"original_message_id": message_id, "message": {"text": {"body": AFTER}}}
    edit: dict[str, Any] = {"type": "edit", "edit": corrected}
    echo = cloud_text("77010000009@s", to=jid.partition("@")[0], **edit)

    assert world.signed(cloud(contacts=[], messages=None, message_echoes=[echo])).json() == STORED

    [message] = world.messages(jid)
    assert (message["role"], message["content"]) == ("manager", AFTER)
    assert in_topic(world, jid)[-1] == f"✏️ наше сообщение исправлено, было: {BEFORE}\nстало: {AFTER}"


def test_what_left_by_the_api_is_found_by_the_gateways_id(world: World) -> None:
    jid = new_jid()
    desk = world.desks["evolution"]
    conversation = begin(world, jid, "evolution")
    query = "update platform.bots set channel = 'evolution', address = 'salon' where id = %s"
    world.connection.execute(query, (desk.whatsapp_bot,))
    sent = insert(
        world.connection, "platform.outbox", bot_id=desk.whatsapp_bot, recipient=jid, lane=jid, state="sent",
        kind="support/manager-reply", method="sendMessage", payload="{}", dedup_key=f"support/message/{new_id()}",
        correlation_id="c", external_id=(external_id := new_id()), policy="at_least_once",
        finished_at=datetime.now(UTC),
    )  # fmt: skip
    insert(
        world.connection, "support.messages", conversation_id=conversation, client_id=desk.id, role="manager",
        content=BEFORE, outbox_id=sent,
    )  # fmt: skip

    assert world.json(edited(external_id, event="send.message.update"), "evolution").json() == STORED
    assert world.messages(jid)[0]["content"] == AFTER


def test_a_correction_in_a_group_concerns_nobody(world: World) -> None:
    body = edited(new_id())
    body["data"]["key"]["remoteJid"] = "120363000000000001@g.us"

    assert world.json(body, "evolution").json() == IGNORED
