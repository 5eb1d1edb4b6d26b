"""The Cloud API's calls, with invented people."""

from typing import Any

from functions.ingest_webhook.whatsapp.gateways.cloud import parse
from functions.ingest_webhook.whatsapp.message import Kind, Media, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import (
    CUSTOMER,
    DESK_PHONE,
    JID,
    MOMENT,
    SECONDS,
    only,
)
from tests.functions.ingest_webhook.whatsapp.gateways.gateway import CORRECTED, NAME, TEXT, TIMES, Gateway

BUSINESS_SCOPED = "KZ.13491208655302740000"

CONTACT = {"profile": {"name": NAME}, "wa_id": CUSTOMER, "user_id": BUSINESS_SCOPED}

PHOTO = {"type": "image", "image": {"id": "900001", "mime_type": "image/jpeg", "sha256": "x", "caption": "Так хочу"}}


def message(content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    known = {"from": CUSTOMER, "id": "wamid.A1", "timestamp": str(SECONDS)}
    return known | (content or {"type": "text", "text": {"body": TEXT}}) | more


def change(messages: Any = None, field: str = "messages", **value: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": DESK_PHONE, "phone_number_id": "100000000000001"},
        "contacts": [CONTACT],
    }
    if messages is not None:
        known["messages"] = messages
    return {"value": known | value, "field": field}


def envelope(*changes: Any) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": "200000000000001", "changes": list(changes)}]}


def call(content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return envelope(change([message(content, **more)]))


def read(content: dict[str, Any] | None = None, **more: Any) -> ParsedMessage:
    return only(parse(call(content, **more)))


def echo(content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    echoed = message(content, **({"from": DESK_PHONE, "to": CUSTOMER} | more))
    contacts = [CONTACT | {"wa_id": DESK_PHONE}]
    return envelope(change(None, "smb_message_echoes", message_echoes=[echoed], contacts=contacts))


def _receipt(status: str) -> dict[str, Any]:
    receipt = {"id": "wamid.OURS", "status": status, "timestamp": str(SECONDS), "recipient_id": CUSTOMER}
    return envelope(change(None, statuses=[receipt]))


def _reaction(reaction: dict[str, str]) -> dict[str, Any]:
    return call({"type": "reaction", "reaction": {"message_id": "wamid.OURS"} | reaction})


KINDS: list[tuple[dict[str, Any], Kind, str]] = [
    ({"type": "audio", "audio": {"id": "1", "voice": True}}, "voice", ""),
    ({"type": "audio", "audio": {"id": "1", "voice": False}}, "audio", ""),
    ({"type": "voice", "voice": {"id": "1"}}, "voice", ""),
    ({"type": "video", "video": {"id": "1", "caption": "видео"}}, "video", "видео"),
    ({"type": "document", "document": {"id": "1", "filename": "прайс.pdf"}}, "document", ""),
    ({"type": "sticker", "sticker": {"id": "1", "animated": True}}, "sticker", ""),
    ({"type": "image"}, "image", ""),
    (
        {"type": "location", "location": {"latitude": 51.1, "longitude": 71.4, "name": "Салон", "address": "Абая 1"}},
        "location",
        "Салон, Абая 1, 51.1,71.4",
    ),
    (
        {
            "type": "contacts",
            "contacts": [
                {"name": {"formatted_name": "Марат"}, "phones": [{"phone": "+7 916 000-00-01"}, None]},
                {"name": {"formatted_name": "Дина"}},
            ],
        },
        "contact",
        "Марат, +7 916 000-00-01\nДина",
    ),
    ({"type": "button", "button": {"payload": "yes", "text": "Да"}}, "text", "Да"),
    ({"type": "interactive", "interactive": {"button_reply": {"id": "1", "title": "Да"}}}, "text", "Да"),
    ({"type": "interactive", "interactive": {"list_reply": {"id": "1", "title": "Стрижка"}}}, "text", "Стрижка"),
    ({"type": "interactive", "interactive": {"nfm_reply": {"body": "Sent", "name": "flow"}}}, "form", ""),
    ({"type": "interactive"}, "other", ""),
    ({"type": "order", "order": {"catalog_id": "1", "text": "без лука"}}, "order", "без лука"),
    ({"type": "unsupported", "errors": [{"code": 131051}]}, "other", ""),
    ({"type": "something_new", "something_new": 5}, "other", ""),
    ({"text": {"body": "без вида"}}, "text", "без вида"),
]
BETTER = {"context": {"id": "M0"}, "type": "text", "text": {"body": CORRECTED}}
EDIT = {"type": "edit", "edit": {"original_message_id": "1", "message": PHOTO}}
LOCATION = {"type": "location", "location": {"latitude": 1.5, "longitude": 2}}

CLOUD = Gateway(
    parse=parse,
    text=call(),
    text_id="wamid.A1",
    text_raw=message(),
    account="100000000000001",
    addresses=(JID, BUSINESS_SCOPED),
    own=echo(),
    photo=call(PHOTO),
    photo_media=Media(None, "image/jpeg", None, "Так хочу", "900001"),
    photo_quotes=None,
    text_at=lambda seconds: call(timestamp=seconds),
    times=[*TIMES, (f" {SECONDS} ", MOMENT), (float(SECONDS), MOMENT)],
    kinds=[(call(content), kind, text) for content, kind, text in KINDS],
    reactions=[
        (_reaction(reaction), reaction.get("emoji", ""), "wamid.OURS")
        for reaction in ({"emoji": "👍"}, {"emoji": ""}, {})
    ],
    corrections=[
        (bring({"type": "edit", "edit": {"original_message_id": "wamid.WRONG", "message": new}}), "wamid.WRONG", text)
        for bring in (call, echo)
        for new, text in ((BETTER, CORRECTED), (PHOTO, "Так хочу"))
    ]
    + [
        (bring({"type": "revoke", "revoke": {"original_message_id": "wamid.WRONG"}}), "wamid.WRONG", None)
        for bring in (call, echo)
    ],
    ignored=[
        *((_receipt(status), "a delivery receipt") for status in ("sent", "delivered", "read", "played")),
        (envelope(change(None, "account_update")), None),
        (envelope(change(None, "message_template_status_update")), None),
        (envelope(change(None, "history")), None),
        (call({"type": "system", "system": {"type": "user_identity_changed"}}), None),
        (call({"type": "request_welcome"}), None),
        (call({"type": "text", "text": {"body": "всем"}, "group_id": "group-1"}), None),
    ],
    unparsed=[
        None,
        [],
        {},
        {"entry": None},
        {"entry": [{"changes": []}]},
        envelope(change(["text"])),
        envelope(change([{}])),
        call({"type": "text", "text": {"body": ""}}),
        call({"type": "text", "text": "привет"}),
        call({"type": "edit"}),
        call({"type": "revoke", "revoke": {}}),
        envelope(change(None, errors=[{"code": 131000}])),
        call({"type": None, "from": CUSTOMER}),
        call(id=None, timestamp="вчера"),
        envelope(change([message() | {"from": None}], contacts=None)),
    ],
    without_id=(call(PHOTO, id=None), call(id=None)),
    wrappers=[lambda body: body, lambda body: envelope({"value": body}), lambda body: envelope(change(body))],
    damageable=[
        envelope(change([message(PHOTO), message(EDIT), message(LOCATION)], statuses=[{"status": "read"}])),
        call(),
        echo(PHOTO),
        call({"type": "interactive", "interactive": {"nfm_reply": {"response_json": {"a": {"b": [True, "0_х"]}}}}}),
        call({"type": "order", "order": {"product_items": [{"product_retailer_id": "X", "quantity": 1}]}}),
        envelope(
            change(None, calls=[{"id": "C1", "from": CUSTOMER, "event": "terminate", "direction": "USER_INITIATED"}])
        ),
    ],
)
