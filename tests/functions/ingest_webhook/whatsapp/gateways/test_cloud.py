"""What the WhatsApp Cloud API alone does."""

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.cloud import parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import (
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
