"""What Evolution alone does."""

from typing import Any

import pytest

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.evolution import EVENTS, IGNORED_EVENTS, parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import (
    CUSTOMER,
    DESK_PHONE,
    JID,
    MOMENT,
    OTHER_CUSTOMER,
    SECONDS,
)
from tests.functions.ingest_webhook.whatsapp.gateways.evolution_cases import LID, PHOTO, data, envelope, read


@pytest.mark.parametrize("event", ["messages.upsert", "messages-upsert", "MESSAGES_UPSERT"])
def test_a_new_message_is_announced_in_several_spellings(event: str) -> None:
    assert isinstance(parse(envelope(data(), event))[0], ParsedMessage)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ({"remoteJidAlt": JID}, JID),
        ({"remoteJidAlt": f"{CUSTOMER}:3@s.whatsapp.net"}, JID),
        ({"senderPn": JID}, JID),
        ({"senderPn": CUSTOMER}, JID),
        ({"remoteJidAlt": LID, "senderPn": JID}, JID),
        ({"remoteJidAlt": None, "senderPn": ""}, LID),
        ({"remoteJidAlt": 5}, LID),
        ({}, LID),
    ],
)
def test_a_hidden_number_is_replaced_by_the_phone_where_one_is_given(key: dict[str, Any], meant: str) -> None:
    message = read(key={"remoteJid": LID, "addressingMode": "lid"} | key)

    assert message.remote_jid == meant
    assert message.phone == (CUSTOMER if meant == JID else None)


def test_our_own_number_is_not_taken_for_the_hidden_one_of_the_customer() -> None:
    key = {"remoteJid": LID, "fromMe": True, "senderPn": f"{DESK_PHONE}@s.whatsapp.net"}

    assert read(key=key).remote_jid == LID
    assert read(key=key | {"remoteJidAlt": JID}).remote_jid == JID


@pytest.mark.parametrize(
    ("key", "addresses"),
    [
        ({"remoteJid": LID, "remoteJidAlt": JID}, (JID, LID)),
        ({"remoteJid": JID, "remoteJidAlt": LID}, (JID, LID)),
        ({"remoteJid": JID, "previousRemoteJid": LID}, (JID, LID)),
        ({"remoteJid": JID, "senderLid": LID}, (JID, LID)),
        ({"remoteJid": JID, "senderLid": LID, "fromMe": True}, (JID,)),
        ({"remoteJid": LID, "remoteJidAlt": f"{DESK_PHONE}@s.whatsapp.net"}, (LID,)),
        ({"remoteJid": f"{DESK_PHONE}@s.whatsapp.net", "previousRemoteJid": LID, "fromMe": True}, (LID,)),
    ],
)
def test_the_phone_and_the_hidden_number_are_addresses_of_one_person(
    key: dict[str, Any], addresses: tuple[str, ...]
) -> None:
    """The instance's own number, which is in some keys, would make one person of all."""
    [found] = parse({**envelope(data(key=key)), "sender": f"{DESK_PHONE}@s.whatsapp.net"})

    assert isinstance(found, ParsedMessage)
    assert found.addresses == addresses


def test_a_number_that_is_not_hidden_stays() -> None:
    for other in (LID, f"{OTHER_CUSTOMER}@s.whatsapp.net"):
        assert read(key={"remoteJidAlt": other, "senderPn": other}).remote_jid == JID


def test_each_photo_of_an_album_is_one_message() -> None:
    header = envelope(data({"albumMessage": {"expectedImageCount": 10}}, {"id": "3EB0ALBUM"}))
    photos = [envelope(data({"associatedChildMessage": {"message": PHOTO}}, {"id": f"3EB0{n}"})) for n in range(10)]

    records = [record for body in [header, *photos] for record in parse(body)]
    found = [record for record in records if isinstance(record, ParsedMessage)]

    assert [message.external_id for message in found] == [f"3EB0{n}" for n in range(10)]
    assert {message.sent_at for message in found} == {MOMENT}


@pytest.mark.parametrize(
    "wrap", [lambda batch: batch, lambda batch: {"messages": batch, "type": "notify"}], ids=["list", "object"]
)
def test_a_batch_is_as_many_messages_in_its_order(wrap: Any) -> None:
    batch = [
        data(key={"id": "2"}, messageTimestamp=SECONDS + 60),
        data(key={"remoteJid": "1@g.us"}),
        {"key": None},
        data(key={"id": "1", "remoteJid": f"{OTHER_CUSTOMER}@s.whatsapp.net"}),
    ]

    late, group, broken, early = parse(envelope(wrap(batch)))

    assert isinstance(late, ParsedMessage)
    assert isinstance(early, ParsedMessage)
    assert (late.external_id, early.external_id, early.phone) == ("2", "1", OTHER_CUSTOMER)
    assert [type(group), type(broken)] == [Ignored, Unparsed]


def test_a_photo_is_fetched_from_evolutions_copy_where_there_is_one() -> None:
    copy = read(PHOTO | {"mediaUrl": "https://files.example/1.jpg"})

    assert copy.media is not None
    assert copy.media.url == "https://files.example/1.jpg"


def test_a_text_names_what_it_quotes_on_either_level() -> None:
    lifted = read({"conversation": "да"}, contextInfo={"stanzaId": "3EB0A"})
    inner = read({"extendedTextMessage": {"text": "да", "contextInfo": {"stanzaId": "3EB0A"}}})

    assert lifted.quoted_id == inner.quoted_id == "3EB0A"


def test_layers_without_end_are_left_alone() -> None:
    message: dict[str, Any] = {"conversation": "дно"}
    for _ in range(5000):
        message = {"ephemeralMessage": {"message": message}}

    assert read(message).kind == "other"


def test_every_event_of_evolution_brings_something_or_is_ignored_for_a_reason() -> None:
    # Evolution 2.3's Events: those that bring something, and the others.
    assert EVENTS == [
        "messages.upsert", "messages.update", "messages.edited", "send.message.update", "messages.delete",
        "send.message", "call",
    ]  # fmt: skip
    assert len(IGNORED_EVENTS) == 28
    for event, subject in IGNORED_EVENTS.items():
        for spelling in (event, event.replace(".", "-"), event.replace(".", "_").upper()):
            assert parse(envelope(data(), spelling)) == [Ignored(f"an event of Evolution's: {subject}")]
    assert parse(envelope(data(), "something.new")) == [Ignored("an event that brings no message")]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("contents", [None, [], {}, "?", 5, ["?"], [{"x": 1}], {"key": {"id": "1"}}])
def test_no_event_with_anything_in_it_is_lost_in_silence(event: str, contents: Any) -> None:
    for record in parse(envelope(contents, event)):
        assert not isinstance(record, Ignored | Unparsed) or record.reason


POLL = {"keyId": "3EB0POLL", "remoteJid": JID, "fromMe": True, "status": "DELETED"}


def test_votes_that_evolution_counts_are_a_message_of_the_customer() -> None:
    options = [{"name": "17:00", "voters": []}, {"name": "18:00", "voters": [JID]}]
    [first] = parse(envelope(POLL | {"pollUpdates": options}, "messages.update"))
    [again] = parse(envelope([POLL | {"pollUpdates": options}], "messages.update"))

    assert isinstance(first, ParsedMessage)
    assert isinstance(again, ParsedMessage)
    assert (first.kind, first.text, first.quoted_id, first.from_me) == ("vote", "18:00", "3EB0POLL", False)
    assert (first.remote_jid, first.external_id) == (JID, again.external_id)
    [withdrawn] = parse(envelope(POLL | {"pollUpdates": [{"name": "17:00", "voters": []}]}, "messages.update"))
    assert withdrawn == Ignored("a vote that was withdrawn")


def test_a_vote_names_the_poll_that_it_answers() -> None:
    vote = {"pollCreationMessageKey": {"id": "3EB0POLL"}, "vote": {"selectedOptions": ["18:00"]}}

    assert read({"pollUpdateMessage": vote}).quoted_id == "3EB0POLL"
