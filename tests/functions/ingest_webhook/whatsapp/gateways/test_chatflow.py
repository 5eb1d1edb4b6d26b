"""What ChatFlow alone does."""

from typing import Any

import pytest

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.chatflow import parse
from functions.ingest_webhook.whatsapp.message import Media, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import CUSTOMER, JID, SECONDS, again, only
from tests.functions.ingest_webhook.whatsapp.gateways.chatflow_cases import PHOTO, file, text


def test_a_text_beside_a_file_counts_more_than_its_caption() -> None:
    assert only(parse(file("image", PHOTO, "Смотрите"))).text == "Смотрите"


def test_a_file_that_nobody_can_fetch_is_still_a_message() -> None:
    photo = only(parse(file("image", {"url": "javascript:alert(1)", "mimetype": 5})))

    assert photo.media == Media(None, "5", None, None, None)


@pytest.mark.parametrize(
    "jid",
    [
        JID,
        CUSTOMER,
        f"+{CUSTOMER}",
        f"{CUSTOMER}@c.us",
        f"{CUSTOMER}:12@s.whatsapp.net",
        "+7 (701) 000-00-00",
        int(CUSTOMER),
    ],
    ids=repr,
)
def test_a_customer_has_one_jid_in_every_spelling(jid: Any) -> None:
    assert only(parse(text(remoteJid=jid))).remote_jid == JID


@pytest.mark.parametrize("jid", ["123456789012345@lid", "salon@s.whatsapp.net", "٣٣٣٣٣٣@s.whatsapp.net", "KZ.1349120"])
def test_who_has_no_number_has_no_phone(jid: str) -> None:
    message = only(parse(text(remoteJid=jid)))

    assert (message.remote_jid, message.phone) == (jid, None)


@pytest.mark.parametrize("own", [False, "false", 0, None, "", "нет"], ids=repr)
def test_whatever_else_is_not_ours(own: Any) -> None:
    assert not only(parse(text(fromMe=own))).from_me


def test_photos_of_an_album_without_ids_in_one_second_are_as_many_messages() -> None:
    album = [file("image", PHOTO | {"url": f"https://files.example/{n}.jpg"}, messageId="") for n in range(10)]

    ids = [only(parse(photo)).external_id for photo in album]

    assert len(set(ids)) == 10
    assert [only(parse(again(photo))).external_id for photo in album] == ids


def test_an_id_that_is_too_long_to_be_one_does_not_make_two_messages_one() -> None:
    ids = {only(parse(text(word, messageId="A" * 5000))).external_id for word in ("да", "нет")}

    assert len(ids) == 2
    assert max(map(len, ids)) < 100


def test_messages_out_of_order_keep_their_own_times() -> None:
    late, early = (only(parse(text(messageId=str(n), timestamp=SECONDS - n))) for n in (0, 60))

    assert late.sent_at is not None
    assert early.sent_at is not None
    assert (late.sent_at - early.sent_at).total_seconds() == 60


def test_characters_that_postgres_cannot_hold_are_removed() -> None:
    message = only(parse(text("при\x00вет\ud83d 😀", sender="Ай\x00герим", messageId="A\x00\udc001")))

    assert (message.text, message.name, message.external_id) == ("привет 😀", "Айгерим", "A1")


def test_a_text_is_not_longer_than_whatsapp_allows() -> None:
    assert len(only(parse(text("я" * 100_000))).text) == 65_536


def test_several_messages_in_one_body_are_as_many_records() -> None:
    records = parse([text(messageId="1"), text(None), text(messageId="2")])

    assert [type(record) for record in records] == [ParsedMessage, Unparsed, ParsedMessage]
