"""What the WhatsApp Cloud API's calls mean."""

from typing import Any

import pytest
from hypothesis import given

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.cloud import parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.cloud_bodies import (
    BUSINESS_SCOPED,
    CONTACT,
    PHOTO,
    change,
    echo,
    envelope,
    message,
    read,
)
from tests.functions.ingest_webhook.whatsapp.shapes import (
    CLIENT,
    JID,
    MOMENT,
    OTHER_CLIENT,
    SECONDS,
    again,
    any_json,
    check,
    damaged,
    only,
)


def test_a_text_is_a_message_of_the_person_who_wrote_it() -> None:
    one = message()

    assert parse(envelope(change([one]))) == [
        ParsedMessage(
            external_id="wamid.A1",
            remote_jid=JID,
            from_me=False,
            kind="text",
            text="Вы завтра работаете?",
            media=None,
            name="Айгерим",
            sent_at=MOMENT,
            quoted_id=None,
            raw=one,
        )
    ]


def test_a_person_is_the_same_to_each_gateway() -> None:
    assert read().remote_jid == JID
    assert read().phone == CLIENT


def test_what_was_typed_on_the_phone_is_ours_and_belongs_to_the_chat_it_went_to() -> None:
    own = only(parse(echo()))

    assert (own.from_me, own.remote_jid, own.name, own.text) == (True, JID, None, "Вы завтра работаете?")


def test_an_echo_to_nobody_is_not_put_into_a_chat_with_ourselves() -> None:
    assert [type(one) for one in parse(echo(to=None))] == [Unparsed]
    assert only(parse(echo(to=None, to_user_id=BUSINESS_SCOPED))).remote_jid == BUSINESS_SCOPED


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed", "played"])
def test_receipts_concern_nobody(status: str) -> None:
    receipt = {"id": "wamid.OURS", "status": status, "timestamp": str(SECONDS), "recipient_id": CLIENT}

    assert parse(envelope(change(None, statuses=[receipt]))) == [Ignored("a delivery receipt")]


@pytest.mark.parametrize("field", ["account_update", "message_template_status_update", "history"])
def test_other_changes_concern_nobody(field: str) -> None:
    assert [type(one) for one in parse(envelope(change(None, field)))] == [Ignored]


def test_a_person_without_a_number_is_known_by_the_id_that_the_business_has_for_them() -> None:
    nameless = message({"type": "text", "text": {"body": "привет"}, "from": None, "from_user_id": BUSINESS_SCOPED})
    hidden = CONTACT | {"wa_id": None}
    found = only(parse(envelope(change([nameless], contacts=[hidden]))))

    assert (found.remote_jid, found.phone, found.name) == (BUSINESS_SCOPED, None, "Айгерим")


def test_a_number_that_only_the_contact_tells_is_better_than_an_id() -> None:
    nameless = message(from_user_id=BUSINESS_SCOPED) | {"from": None}

    assert only(parse(envelope(change([nameless])))).remote_jid == JID


def test_everything_in_one_body_is_read_and_everybody_keeps_their_name() -> None:
    other = {"profile": {"name": "Марат"}, "wa_id": OTHER_CLIENT}
    several = change(
        [message(id="wamid.1"), message(id="wamid.2") | {"from": OTHER_CLIENT}, "broken"],
        contacts=[other, CONTACT],
        statuses=[{"id": "wamid.OURS", "status": "read"}],
    )
    body = envelope(several, change([message(id="wamid.3")]))
    body["entry"].append({"id": "1", "changes": [change([message(id="wamid.4", timestamp=SECONDS - 60)])]})

    records = parse(body)

    assert [(one.external_id, one.name) for one in records if isinstance(one, ParsedMessage)] == [
        ("wamid.1", "Айгерим"),
        ("wamid.2", "Марат"),
        ("wamid.3", "Айгерим"),
        ("wamid.4", "Айгерим"),
    ]
    assert [type(one) for one in records if not isinstance(one, ParsedMessage)] == [Unparsed, Ignored]


def test_a_stranger_does_not_get_somebody_elses_name() -> None:
    found = parse(envelope(change([message(id="1"), message(id="2") | {"from": OTHER_CLIENT}])))

    assert [one.name for one in found if isinstance(one, ParsedMessage)] == ["Айгерим", None]


def test_a_message_of_nobody_is_not_given_to_a_contact_who_lacks_an_id() -> None:
    incomplete = {"profile": {"name": "Марат"}, "wa_id": OTHER_CLIENT}
    nobodys = message(id="2") | {"from": None}

    found = parse(envelope(change([message(id="1"), nobodys], contacts=[CONTACT, incomplete])))

    assert [type(one) for one in found] == [ParsedMessage, Unparsed]


def test_each_photo_of_an_album_is_one_message() -> None:
    album = [message(PHOTO | {"image": {"id": str(n)}}, id=None) for n in range(10)]
    bodies = [envelope(change([photo])) for photo in album]

    ids = [only(parse(body)).external_id for body in bodies]

    assert len(set(ids)) == 10
    assert [only(parse(again(body))).external_id for body in bodies] == ids


@pytest.mark.parametrize("seconds", [SECONDS, str(SECONDS), f" {SECONDS} ", float(SECONDS)], ids=repr)
def test_a_time_is_understood_in_every_spelling(seconds: Any) -> None:
    assert read(timestamp=seconds).sent_at == MOMENT


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"entry": None},
        {"entry": [{"changes": []}]},
        envelope(change(["text"])),
        envelope(change([{}])),
        envelope(change([message({"type": "text", "text": {"body": ""}})])),
        envelope(change([message({"type": "text", "text": "привет"})])),
        envelope(change([message({"type": "edit"})])),
        envelope(change([message({"type": None, "from": CLIENT})])),
        envelope(change([message(id=None, timestamp="вчера")])),
        envelope(change([message() | {"from": None}], contacts=None)),
    ],
)
def test_what_cannot_be_read_is_kept_for_a_person_to_look_at(body: Any) -> None:
    assert [type(one) for one in parse(body)] == [Unparsed]


@given(any_json)
def test_no_json_breaks_it(body: Any) -> None:
    check(parse(body))
    check(parse(envelope({"value": body})))
    check(parse(envelope(change(body))))


EDIT = {"type": "edit", "edit": {"original_message_id": "1", "message": PHOTO}}

MIXED = [message(PHOTO), message(EDIT), message({"type": "location", "location": {"latitude": 1.5, "longitude": 2}})]


@given(damaged([envelope(change(MIXED, statuses=[{"status": "read"}])), envelope(change([message()])), echo(PHOTO)]))
def test_no_damage_breaks_it(body: Any) -> None:
    check(parse(body))
