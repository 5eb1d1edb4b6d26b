"""What Evolution API's calls mean."""

from typing import Any

import pytest
from hypothesis import given

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.evolution import parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.evolution_bodies import LID, PHOTO, data, envelope, read
from tests.functions.ingest_webhook.whatsapp.shapes import (
    CLIENT,
    JID,
    MOMENT,
    OTHER_CLIENT,
    SALON,
    SECONDS,
    again,
    any_json,
    check,
    damaged,
    only,
)


def test_a_text_is_a_message_of_the_person_who_wrote_it() -> None:
    body = envelope(data())

    assert parse(body) == [
        ParsedMessage(
            external_id="3EB0000000000000000001",
            remote_jid=JID,
            from_me=False,
            kind="text",
            text="Вы завтра работаете?",
            media=None,
            name="Айгерим",
            sent_at=MOMENT,
            quoted_id=None,
            raw=body["data"],
        )
    ]


def test_what_was_typed_on_the_phone_is_ours_and_does_not_rename_the_client() -> None:
    own = read(key={"fromMe": True}, pushName="Você")

    assert (own.from_me, own.name, own.phone) == (True, None, CLIENT)


@pytest.mark.parametrize("event", ["messages.upsert", "messages-upsert", "MESSAGES_UPSERT"])
def test_a_new_message_is_announced_in_several_spellings(event: str) -> None:
    assert isinstance(parse(envelope(data(), event))[0], ParsedMessage)


@pytest.mark.parametrize(
    "event",
    ["messages.update", "messages.edited", "messages.delete", "messages.set", "send.message", "connection.update", "x"],
)
def test_other_events_concern_nobody(event: str) -> None:
    assert [type(one) for one in parse(envelope(data(), event))] == [Ignored]


@pytest.mark.parametrize(
    ("jid", "reason"),
    [
        ("120363000000000001@g.us", "a group"),
        ("status@broadcast", "a status or broadcast"),
        ("120363000000000002@newsletter", "a newsletter"),
    ],
)
def test_groups_statuses_and_newsletters_concern_nobody(jid: str, reason: str) -> None:
    assert parse(envelope(data(key={"remoteJid": jid, "participant": JID}))) == [Ignored(reason)]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ({"remoteJidAlt": JID}, JID),
        ({"remoteJidAlt": f"{CLIENT}:3@s.whatsapp.net"}, JID),
        ({"senderPn": JID}, JID),
        ({"senderPn": CLIENT}, JID),
        ({"remoteJidAlt": LID, "senderPn": JID}, JID),
        ({"remoteJidAlt": None, "senderPn": ""}, LID),
        ({"remoteJidAlt": 5}, LID),
        ({}, LID),
    ],
)
def test_a_hidden_number_is_replaced_by_the_phone_where_one_is_given(key: dict[str, Any], meant: str) -> None:
    message = read(key={"remoteJid": LID, "addressingMode": "lid"} | key)

    assert message.remote_jid == meant
    assert message.phone == (CLIENT if meant == JID else None)


def test_our_own_number_is_not_taken_for_the_hidden_one_of_the_client() -> None:
    key = {"remoteJid": LID, "fromMe": True, "senderPn": f"{SALON}@s.whatsapp.net"}

    assert read(key=key).remote_jid == LID
    assert read(key=key | {"remoteJidAlt": JID}).remote_jid == JID


def test_a_number_that_is_not_hidden_stays() -> None:
    for told in (LID, f"{OTHER_CLIENT}@s.whatsapp.net"):
        assert read(key={"remoteJidAlt": told, "senderPn": told}).remote_jid == JID


def test_each_photo_of_an_album_is_one_message() -> None:
    header = envelope(data({"albumMessage": {"expectedImageCount": 10}}, {"id": "3EB0ALBUM"}))
    photos = [envelope(data({"associatedChildMessage": {"message": PHOTO}}, {"id": f"3EB0{n}"})) for n in range(10)]

    found = [one for body in [header, *photos] for one in parse(body) if isinstance(one, ParsedMessage)]

    assert [one.external_id for one in found] == [f"3EB0{n}" for n in range(10)]
    assert {one.sent_at for one in found} == {MOMENT}


@pytest.mark.parametrize(
    "wrap", [lambda them: them, lambda them: {"messages": them, "type": "notify"}], ids=["list", "object"]
)
def test_a_batch_is_as_many_messages_in_its_order(wrap: Any) -> None:
    batch = [
        data(key={"id": "2"}, messageTimestamp=SECONDS + 60),
        data(key={"remoteJid": "1@g.us"}),
        {"key": None},
        data(key={"id": "1", "remoteJid": f"{OTHER_CLIENT}@s.whatsapp.net"}),
    ]

    late, group, broken, early = parse(envelope(wrap(batch)))

    assert isinstance(late, ParsedMessage)
    assert isinstance(early, ParsedMessage)
    assert (late.external_id, early.external_id, early.phone) == ("2", "1", OTHER_CLIENT)
    assert [type(group), type(broken)] == [Ignored, Unparsed]


@pytest.mark.parametrize("seconds", [SECONDS, str(SECONDS), {"low": SECONDS, "high": 0, "unsigned": True}], ids=repr)
def test_a_time_is_understood_in_every_spelling(seconds: Any) -> None:
    assert read(messageTimestamp=seconds).sent_at == MOMENT


def test_without_an_id_a_repetition_is_the_same_message() -> None:
    body = envelope(data(PHOTO, {"id": None}))

    assert only(parse(body)).external_id == only(parse(again(body))).external_id
    assert only(parse(body)).external_id != read({"conversation": "другое"}, {"id": None}).external_id


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"event": None, "data": data()},
        envelope(None),
        envelope([]),
        envelope("text"),
        envelope({}),
        envelope(data(key={"remoteJid": None})),
        envelope(data({})),
        envelope(data({"protocolMessage": {"type": 14}})),
        envelope(data("text")),
        envelope(data({"conversation": ["x"]})),
        envelope(data({"conversation": " "})),
        envelope(data({"conversation": None})),
        envelope(data({"mediaUrl": "https://files.example/1.jpg"})),
        envelope(data(key={"id": None}, messageTimestamp=None)),
    ],
)
def test_what_cannot_be_read_is_kept_for_a_person_to_look_at(body: Any) -> None:
    assert [type(one) for one in parse(body)] == [Unparsed]


@given(any_json)
def test_no_json_breaks_it(body: Any) -> None:
    check(parse(body))
    check(parse(envelope(body)))
    check(parse(envelope({"key": {"remoteJid": JID, "id": "1"}, "message": body})))


EDIT = {"protocolMessage": {"key": {"id": "1"}, "type": 14, "editedMessage": PHOTO}}

CONTACT = {"contactMessage": {"displayName": "Марат", "vcard": "TEL:+7 916"}}


@given(
    damaged(
        [
            envelope(data(PHOTO)),
            envelope(data({"editedMessage": {"message": EDIT}})),
            envelope([data(CONTACT), data({"locationMessage": {"degreesLatitude": 1.5, "degreesLongitude": 2}})]),
            envelope(
                data({"reactionMessage": {"key": {"id": "1"}, "text": "👍"}}, {"remoteJid": LID, "senderPn": JID})
            ),
        ]
    )
)
def test_no_damage_breaks_it(body: Any) -> None:
    check(parse(body))
