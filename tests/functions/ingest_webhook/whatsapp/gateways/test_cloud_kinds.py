"""Every type of the Cloud API's messages and every field of its changes ends in words, a line, or a reason."""

import json
from typing import Any

import pytest

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.cloud import IGNORED_FIELDS, parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from shared.support import wordless
from tests.functions.ingest_webhook.whatsapp.bodies import CUSTOMER, SECONDS
from tests.functions.ingest_webhook.whatsapp.gateways.cloud_cases import call, change, envelope, message

ONLY_ON_THE_PHONE = "[сообщение, которое видно только на телефоне: откройте WhatsApp]"
ITEMS = [
    {"product_retailer_id": "SHAMPOO-5", "quantity": 2, "item_price": 4500, "currency": "KZT"},
    {"product_retailer_id": "X", "name": "Маска", "quantity": "1", "item_price": "3500.5", "currency": "KZT"},
]


def form(response: Any, **more: Any) -> dict[str, Any]:
    return {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": response} | more}


def form_of(**answers: Any) -> dict[str, Any]:
    return form(json.dumps({"flow_token": "token-1", **answers}, ensure_ascii=False))


# Each type with something in it, and what people read of it; None: nothing, for a reason.
TYPES: dict[str, list[tuple[Any, str | None]]] = {
    "text": [({"body": "привет"}, "привет")],
    "image": [({"id": "1", "caption": "так"}, "[фото] так"), ({"id": "1"}, "[фото]")],
    "video": [({"id": "1"}, "[видео]")],
    "audio": [({"id": "1", "voice": True}, "[голосовое сообщение]"), ({"id": "1"}, "[аудио]")],
    "voice": [({"id": "1"}, "[голосовое сообщение]")],
    "document": [({"id": "1", "filename": "x.pdf"}, "[файл]")],
    "sticker": [({"id": "1"}, "[стикер]")],
    "location": [({"latitude": 1, "longitude": 2}, "1,2"), ({}, "[место на карте]")],
    "contacts": [([{"name": {"formatted_name": "Марат"}}], "Марат"), ([], "[контакт]")],
    "reaction": [({"emoji": "👍"}, "👍"), ({}, "[реакция снята]")],
    "button": [({"payload": "1", "text": "Да"}, "Да"), ({"payload": "1"}, ONLY_ON_THE_PHONE)],
    "order": [
        (
            {"catalog_id": "1", "text": "к пяти", "product_items": ITEMS},
            "[заказ] к пяти\nSHAMPOO-5 × 2, 4500 KZT\nМаска × 1, 3500.5 KZT",
        ),
        ({"product_items": [None, {"product_retailer_id": "X"}]}, "[заказ] X"),
        ({}, "[заказ]"),
    ],
    "interactive": [
        ({"button_reply": {"id": "1", "title": "Да"}}, "Да"),
        ({"list_reply": {"id": "1", "title": "Стрижка", "description": "30 мин"}}, "Стрижка"),
        ({"call_permission_reply": {"response": "accept"}}, "[ответ на просьбу о звонке] ✅"),
        ({"call_permission_reply": {"response": "reject"}}, "[ответ на просьбу о звонке] ❌"),
        ({"call_permission_reply": {}}, "[ответ на просьбу о звонке]"),
        (form_of(услуга="Стрижка", дата="2026-11-28", согласие=True, реклама=False),
         "[форма] услуга: Стрижка\nдата: 2026-11-28\nсогласие: ✅\nреклама: ❌"),
        (form_of(screen_0_Дата_0="1795132800000", screen_0_Услуги_1=["0_Стрижка", "2_Укладка"]),
         "[форма] Дата: 2026-11-20\nУслуги: Стрижка, Укладка"),
        (form_of(адрес={"город": "Алматы", "улица": "Абая 1"}, пусто="", ничего=None),
         "[форма] адрес · город: Алматы\nадрес · улица: Абая 1"),
        (form_of(фото=[{"file_name": "до.jpg", "id": 5}], оценка=4), "[форма] фото: до.jpg\nоценка: 4"),
        (form_of(вложено='{"раз": ["а", "б"]}'), "[форма] вложено · раз: а, б"),
        (form({"flow_token": "token-1", "город": "Алматы"}), "[форма] город: Алматы"),
        (form('{"flow_token": "token-1", "город": "Алма'), "[форма] город: Алма"),
        (form("не JSON"), "[форма] не JSON"),
        (form('{"flow_token": "token-1"}'), "[форма]"),
        (form(None), "[форма]"),
        (form('{"values": {"city": "Астана"}, "saved_address_id": "a1"}', name="address"), "[форма] city: Астана"),
        (form(None, name="address_message", body="Алматы, Абая 1"), "[форма] Алматы, Абая 1"),
        ({"type": "new_reply", "new_reply": {"title": "Да"}}, "Да"),
        ({}, ONLY_ON_THE_PHONE),
    ],
    "unsupported": [
        ({"type": "unknown"}, ONLY_ON_THE_PHONE),
        ({}, ONLY_ON_THE_PHONE),
        ({"type": "poll_creation"}, "[голосование]"),
        ({"type": "poll_update"}, "[ответ на голосование]"),
        ({"type": "group_invite"}, "[приглашение]"),
        ({"type": "order"}, "[заказ]"),
        ({"type": "product"}, "[товар]"),
        ({"type": "view_once_v2"}, "[одноразовое фото, видео или голосовое: только на телефоне]"),
        *[({"type": kind}, ONLY_ON_THE_PHONE) for kind in (
            "errors", "gif", "hsm", "image", "interactive", "link_preview", "list", "location", "media_placeholder",
        )],
        *[({"type": kind}, None) for kind in ("pin", "keep_in_chat", "reaction")],
    ],
    "unknown": [({}, ONLY_ON_THE_PHONE)],
    "ephemeral": [({}, ONLY_ON_THE_PHONE)],
    "media_placeholder": [({}, ONLY_ON_THE_PHONE)],
    "template": [({"name": "vizit"}, f"{ONLY_ON_THE_PHONE} vizit")],
    "request_welcome": [({}, None)],
    "errors": [({}, ONLY_ON_THE_PHONE)],
}  # fmt: skip
CASES = [
    pytest.param(name, value, line, id=f"{name}-{number}")
    for name, cases in TYPES.items()
    for number, (value, line) in enumerate(cases)
]


@pytest.mark.parametrize(("name", "value", "line"), CASES)
def test_every_type_of_a_message_ends_in_words_or_a_reason(name: str, value: Any, line: str | None) -> None:
    [record] = parse(call({"type": name, name: value}))

    if line is None:
        assert isinstance(record, Ignored)
        return
    assert isinstance(record, ParsedMessage)
    assert wordless.readable(record.kind, record.text, "ru") == line


@pytest.mark.parametrize("value", [{"x": {"y": 1}}, "?", 5, ["?"], True])
def test_no_type_with_anything_in_it_is_lost_in_silence(value: Any) -> None:
    for name in (*TYPES, "something_new"):
        [record] = parse(call({"type": name, name: value}))

        if isinstance(record, ParsedMessage):
            assert wordless.readable(record.kind, record.text, "ru"), name
        else:
            assert isinstance(record, Ignored | Unparsed), name
            assert record.reason, name


def test_a_first_message_from_an_ad_is_one_that_only_the_phone_shows() -> None:
    unavailable = {"type": "unsupported", "unsupported": {"type": "unknown"}, "errors": [{"code": 131060}]}

    [record] = parse(call(unavailable))

    assert isinstance(record, ParsedMessage)
    assert (record.kind, record.text) == ("other", "")
    assert wordless.needs_a_person(record.kind, record.text)


def test_every_field_of_a_change_that_brings_no_message_is_ignored_for_a_reason() -> None:
    # All fields of Meta's webhooks but messages, message_echoes, smb_message_echoes and calls.
    assert len(IGNORED_FIELDS) == 29
    for field, subject in IGNORED_FIELDS.items():
        [record] = parse(envelope(change(None, field)))

        assert record == Ignored(f"a notice of Meta's: {subject}")
    assert parse(envelope(change(None, "something_new"))) == [Ignored("a change that brings no message")]


def test_files_of_a_history_sync_are_no_messages_of_today() -> None:
    photo = message({"type": "image", "image": {"id": "1"}}, timestamp=str(SECONDS))
    history = [{"metadata": {"phase": 0}, "threads": [{"id": CUSTOMER, "messages": [photo]}]}]

    for value in ({"history": history}, {"messages": [photo]}):
        assert parse(envelope(change(field="history", **value))) == [Ignored("a notice of Meta's: a history sync")]
