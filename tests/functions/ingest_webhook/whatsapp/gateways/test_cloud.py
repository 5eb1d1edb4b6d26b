"""What the WhatsApp Cloud API alone does."""

from typing import Any

import pytest

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import AddressChange
from functions.ingest_webhook.whatsapp.gateways.cloud import parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import (
    CUSTOMER,
    DESK_PHONE,
    JID,
    OTHER_CUSTOMER,
    SECONDS,
    again,
    only,
)
from tests.functions.ingest_webhook.whatsapp.gateways.cloud_cases import (
    BUSINESS_SCOPED,
    CONTACT,
    PHOTO,
    change,
    echo,
    envelope,
    message,
    read,
)


def test_an_echo_without_a_recipient_is_not_put_into_a_chat_with_ourselves() -> None:
    assert [type(record) for record in parse(echo(to=None))] == [Unparsed]
    assert only(parse(echo(to=None, to_user_id=BUSINESS_SCOPED))).remote_jid == BUSINESS_SCOPED


def test_a_customer_without_a_number_is_known_by_the_id_that_the_desk_has_for_them() -> None:
    nameless = message({"type": "text", "text": {"body": "привет"}, "from": None, "from_user_id": BUSINESS_SCOPED})
    hidden = CONTACT | {"wa_id": None}
    found = only(parse(envelope(change([nameless], contacts=[hidden]))))

    assert (found.remote_jid, found.phone, found.name) == (BUSINESS_SCOPED, None, "Айгерим")


def test_a_number_that_only_the_contact_has_is_better_than_an_id() -> None:
    nameless = message(from_user_id=BUSINESS_SCOPED) | {"from": None}

    assert only(parse(envelope(change([nameless])))).remote_jid == JID


def test_every_name_of_the_customer_is_an_address_and_the_number_of_the_desk_is_none() -> None:
    whoever = CONTACT | {"user_id": BUSINESS_SCOPED, "parent_user_id": "KZ.ENT.77"}
    metadata = {"display_phone_number": f"+{DESK_PHONE}", "phone_number_id": "1"}
    wrote = message(from_user_id=BUSINESS_SCOPED, from_parent_user_id="KZ.ENT.77")
    answered = message(to=CUSTOMER, to_user_id=BUSINESS_SCOPED)

    heard = only(parse(envelope(change([wrote], contacts=[whoever], metadata=metadata))))
    echoed = only(parse(envelope(change(None, message_echoes=[answered], metadata=metadata))))
    mirrored = message(from_user_id=BUSINESS_SCOPED) | {"from": DESK_PHONE}
    own = only(parse(envelope(change([mirrored], contacts=[], metadata=metadata))))

    assert heard.addresses == (JID, BUSINESS_SCOPED, "KZ.ENT.77")
    assert echoed.addresses == (JID, BUSINESS_SCOPED)
    assert own.addresses == (BUSINESS_SCOPED,)


NEW_ID, OTHER_JID = "KZ.90000000000000000064", f"{OTHER_CUSTOMER}@s.whatsapp.net"


@pytest.mark.parametrize(
    ("system", "sender", "former", "addresses"),
    [
        (
            {"type": "user_changed_number", "wa_id": OTHER_CUSTOMER, "user_id": NEW_ID, "previous_user_id": "KZ.1"},
            {"from_user_id": NEW_ID},
            (JID, "KZ.1"),
            (OTHER_JID, NEW_ID),
        ),
        ({"type": "user_changed_number", "new_wa_id": OTHER_CUSTOMER}, {}, (JID,), (OTHER_JID,)),
        ({"type": "user_changed_number", "new_wa_id": OTHER_CUSTOMER, "wa_id": CUSTOMER}, {}, (JID,), (OTHER_JID,)),
        (
            {"type": "customer_changed_number", "new_wa_id": OTHER_CUSTOMER, "customer": CUSTOMER},
            {"from": None},
            (JID,),
            (OTHER_JID,),
        ),
        (
            {"type": "user_changed_number", "wa_id": OTHER_CUSTOMER},
            {"from_user_id": "KZ.1"},
            (JID, "KZ.1"),
            (OTHER_JID, "KZ.1"),
        ),
        (
            {"type": "user_changed_user_id", "user_id": NEW_ID, "previous_user_id": "KZ.1"},
            {"from": None},
            ("KZ.1",),
            (NEW_ID,),
        ),
        (
            {"type": "user_changed_user_id", "user_id": NEW_ID, "previous_user_id": "KZ.1"},
            {},
            (JID, "KZ.1"),
            (JID, NEW_ID),
        ),
        (
            {"type": "user_changed_user_id", "wa_id": OTHER_CUSTOMER, "user_id": NEW_ID, "previous_user_id": "KZ.1"},
            {},
            (JID, "KZ.1"),
            (OTHER_JID, NEW_ID),
        ),
    ],
)
def test_a_change_of_number_is_read_by_its_typed_fields(
    system: dict[str, str], sender: dict[str, Any], former: tuple[str, ...], addresses: tuple[str, ...]
) -> None:
    sentence = {"body": "User A changed from 1 to 2", **system}
    [found] = parse(envelope(change([message(type="system", system=sentence) | sender], contacts=[])))

    assert isinstance(found, AddressChange)
    assert (found.former, found.addresses) == (former, addresses)
    assert found.external_id == message()["id"]


@pytest.mark.parametrize(
    ("system", "kind"),
    [
        ({"type": "user_identity_changed"}, Ignored),
        ({"type": "customer_identity_changed", "customer": CUSTOMER}, Ignored),
        ({"type": "user_changed_number", "body": "User A changed from 1 to 2"}, Unparsed),
        ({"type": "user_changed_everything"}, Unparsed),
        (None, Unparsed),
    ],
)
def test_a_system_message_that_changes_no_number(system: Any, kind: type) -> None:
    assert [type(record) for record in parse(envelope(change([message(type="system", system=system)])))] == [kind]


def test_all_messages_of_one_body_are_parsed_and_customers_keep_their_names() -> None:
    other = {"profile": {"name": "Марат"}, "wa_id": OTHER_CUSTOMER}
    several = change(
        [message(id="wamid.1"), message(id="wamid.2") | {"from": OTHER_CUSTOMER}, "broken"],
        contacts=[other, CONTACT],
        statuses=[{"id": "wamid.OURS", "status": "read"}],
    )
    body = envelope(several, change([message(id="wamid.3")]))
    body["entry"].append({"id": "1", "changes": [change([message(id="wamid.4", timestamp=SECONDS - 60)])]})

    records = parse(body)

    assert [(record.external_id, record.name) for record in records if isinstance(record, ParsedMessage)] == [
        ("wamid.1", "Айгерим"),
        ("wamid.2", "Марат"),
        ("wamid.3", "Айгерим"),
        ("wamid.4", "Айгерим"),
    ]
    assert [type(record) for record in records if not isinstance(record, ParsedMessage)] == [Unparsed, Ignored]


def test_a_customer_without_a_contact_does_not_get_the_name_of_another() -> None:
    found = parse(envelope(change([message(id="1"), message(id="2") | {"from": OTHER_CUSTOMER}])))

    assert [record.name for record in found if isinstance(record, ParsedMessage)] == ["Айгерим", None]


def test_a_message_without_a_sender_is_not_given_to_a_contact_who_lacks_an_id() -> None:
    incomplete = {"profile": {"name": "Марат"}, "wa_id": OTHER_CUSTOMER}
    senderless = message(id="2") | {"from": None}

    found = parse(envelope(change([message(id="1"), senderless], contacts=[CONTACT, incomplete])))

    assert [type(record) for record in found] == [ParsedMessage, Unparsed]


def test_each_photo_of_an_album_is_one_message() -> None:
    album = [message(PHOTO | {"image": {"id": str(n)}}, id=None) for n in range(10)]
    bodies = [envelope(change([photo])) for photo in album]

    ids = [only(parse(body)).external_id for body in bodies]

    assert len(set(ids)) == 10
    assert [only(parse(again(body))).external_id for body in bodies] == ids


def test_a_reply_names_what_it_answers_and_a_forwarded_message_answers_nothing() -> None:
    assert read(context={"from": DESK_PHONE, "id": "wamid.OURS"}).quoted_id == "wamid.OURS"
    assert read(context={"forwarded": True}).quoted_id is None
