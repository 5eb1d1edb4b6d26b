"""What ChatFlow's calls mean."""

from typing import Any

import pytest
from hypothesis import given

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.chatflow import parse
from functions.ingest_webhook.whatsapp.message import Ignored, Media, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.shapes import (
    CLIENT,
    JID,
    MOMENT,
    SECONDS,
    again,
    any_json,
    check,
    damaged,
    only,
)

PHOTO = {
    "type": "image",
    "mimetype": "image/jpeg",
    "url": "https://files.example/1.jpg",
    "fileName": "1.jpg",
    "caption": "Так хочу",
}


def text(message: Any = "Вы завтра работаете?", **metadata: Any) -> dict[str, Any]:
    known = {"sender": "Айгерим", "timestamp": SECONDS, "messageId": "3F0000000000000000A1", "remoteJid": JID}
    return {
        "messageType": "text",
        "message": message,
        "metadata": known | metadata,
        "mediaData": None,
        "nodeData": {"webHook": {"text": "https://functions.example/whatsapp/salon", "method": "POST"}},
    }


def file(kind: str, data: dict[str, Any] | None, message: Any = None, **metadata: Any) -> dict[str, Any]:
    return text(message, **metadata) | {"messageType": kind, "mediaData": data}


def test_a_text_is_a_message_of_the_person_who_wrote_it() -> None:
    body = text()

    assert parse(body) == [
        ParsedMessage(
            external_id="3F0000000000000000A1",
            remote_jid=JID,
            from_me=False,
            kind="text",
            text="Вы завтра работаете?",
            media=None,
            name="Айгерим",
            sent_at=MOMENT,
            quoted_id=None,
            raw=body,
        )
    ]
    assert only(parse(body)).phone == CLIENT


def test_a_photo_brings_its_file_and_its_caption() -> None:
    photo = only(parse(file("image", PHOTO)))

    assert (photo.kind, photo.text) == ("image", "Так хочу")
    assert photo.media == Media("https://files.example/1.jpg", "image/jpeg", "1.jpg", "Так хочу", None)


@pytest.mark.parametrize(
    ("kind", "data", "meant"),
    [
        ("audio", {"mimetype": "audio/ogg", "ptt": True}, "voice"),
        ("audio", {"mimetype": "audio/ogg", "ptt": "true"}, "voice"),
        ("audio", {"mimetype": "audio/mpeg", "ptt": False}, "audio"),
        ("ptt", {"mimetype": "audio/ogg"}, "voice"),
        ("imageMessage", {}, "image"),
        ("IMAGE", None, "image"),
        ("documentMessage", {"mimetype": "application/pdf"}, "document"),
        ("text", {"type": "video"}, "video"),
        ("text", {"mimetype": "application/pdf"}, "document"),
        ("", {"mimetype": "image/png"}, "image"),
        (None, {"fileName": "price.xyz"}, "document"),
        ("sticker", {"mimetype": "image/webp"}, "sticker"),
        ("location", None, "location"),
        ("poll", None, "other"),
    ],
)
def test_a_kind_is_understood_in_every_spelling(kind: Any, data: Any, meant: str) -> None:
    assert only(parse(file(kind, data))).kind == meant


def test_words_beside_a_file_count_more_than_its_caption() -> None:
    assert only(parse(file("image", PHOTO, "Смотрите"))).text == "Смотрите"


def test_a_file_that_nobody_can_fetch_is_still_a_message() -> None:
    photo = only(parse(file("image", {"url": "javascript:alert(1)", "mimetype": 5})))

    assert photo.media == Media(None, "5", None, None, None)


@pytest.mark.parametrize(
    "jid",
    [JID, CLIENT, f"+{CLIENT}", f"{CLIENT}@c.us", f"{CLIENT}:12@s.whatsapp.net", "+7 (701) 000-00-00", int(CLIENT)],
    ids=repr,
)
def test_a_person_has_one_jid_in_every_spelling(jid: Any) -> None:
    assert only(parse(text(remoteJid=jid))).remote_jid == JID


@pytest.mark.parametrize("jid", ["123456789012345@lid", "salon@s.whatsapp.net", "٣٣٣٣٣٣@s.whatsapp.net", "KZ.1349120"])
def test_who_has_no_number_has_no_phone(jid: str) -> None:
    message = only(parse(text(remoteJid=jid)))

    assert (message.remote_jid, message.phone) == (jid, None)


@pytest.mark.parametrize(
    ("seconds", "meant"),
    [
        (SECONDS, MOMENT),
        (str(SECONDS), MOMENT),
        (SECONDS * 1000, MOMENT),
        ({"low": SECONDS, "high": 0, "unsigned": True}, MOMENT),
        ("вчера", None),
        (None, None),
        (True, None),
        (0, None),
        (-1, None),
        (10**400, None),
        (float("nan"), None),
        ([SECONDS], None),
        ({}, None),
    ],
    ids=repr,
)
def test_a_time_is_aware_or_missing(seconds: Any, meant: Any) -> None:
    assert only(parse(text(timestamp=seconds))).sent_at == meant


@pytest.mark.parametrize(
    "jid", ["120363000000000001@g.us", "status@broadcast", "77010000000@broadcast", "1@newsletter"]
)
def test_groups_statuses_and_newsletters_concern_nobody(jid: str) -> None:
    assert isinstance(parse(text(remoteJid=jid))[0], Ignored)


def test_what_was_typed_on_the_phone_is_ours_and_names_nobody() -> None:
    own = only(parse(text(fromMe=True)))

    assert (own.from_me, own.name, own.remote_jid) == (True, None, JID)


@pytest.mark.parametrize("own", [False, "false", 0, None, "", "нет"], ids=repr)
def test_whatever_else_is_not_ours(own: Any) -> None:
    assert not only(parse(text(fromMe=own))).from_me


def test_without_an_id_a_repetition_is_the_same_message_and_another_text_is_another() -> None:
    body = text(messageId=None)
    first = only(parse(body)).external_id

    assert first.startswith(f"{JID}:{SECONDS}:")
    assert only(parse(again(body))).external_id == first
    assert only(parse(text("А послезавтра?", messageId=None))).external_id != first


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


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "text",
        5,
        {"metadata": None, "message": "привет"},
        text(None),
        text("  \n"),
        text(["привет"]),
        text(remoteJid=None),
        text(remoteJid=""),
        text(remoteJid="@s.whatsapp.net"),
        text(messageId=None, timestamp=None),
    ],
)
def test_what_cannot_be_read_is_kept_for_a_person_to_look_at(body: Any) -> None:
    assert [type(record) for record in parse(body)] == [Unparsed]


def test_several_messages_in_one_body_are_as_many_records() -> None:
    records = parse([text(messageId="1"), text(None), text(messageId="2")])

    assert [type(record) for record in records] == [ParsedMessage, Unparsed, ParsedMessage]


@given(any_json)
def test_no_json_breaks_it(body: Any) -> None:
    check(parse(body))


@given(
    damaged([text(), file("image", PHOTO), text(fromMe=True, messageId=None), [text(), file("audio", {"ptt": True})]])
)
def test_no_damage_breaks_it(body: Any) -> None:
    check(parse(body))
