"""The Cloud API's envelopes, with invented people."""

from typing import Any

from functions.ingest_webhook.whatsapp.gateways.cloud import parse
from functions.ingest_webhook.whatsapp.message import ParsedMessage
from tests.functions.ingest_webhook.whatsapp.shapes import (
    CLIENT,
    SALON,
    SECONDS,
    only,
)

BUSINESS_SCOPED = "KZ.13491208655302740000"

CONTACT = {"profile": {"name": "Айгерим"}, "wa_id": CLIENT, "user_id": BUSINESS_SCOPED}

PHOTO = {"type": "image", "image": {"id": "900001", "mime_type": "image/jpeg", "sha256": "x", "caption": "Так хочу"}}


def message(content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    known = {"from": CLIENT, "id": "wamid.A1", "timestamp": str(SECONDS)}
    return known | (content or {"type": "text", "text": {"body": "Вы завтра работаете?"}}) | more


def change(messages: Any = None, field: str = "messages", **value: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": SALON, "phone_number_id": "100000000000001"},
        "contacts": [CONTACT],
    }
    if messages is not None:
        known["messages"] = messages
    return {"value": known | value, "field": field}


def envelope(*changes: Any) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": "200000000000001", "changes": list(changes)}]}


def read(content: dict[str, Any] | None = None, **more: Any) -> ParsedMessage:
    return only(parse(envelope(change([message(content, **more)]))))


def echo(content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    one = message(content, **({"from": SALON, "to": CLIENT} | more))
    return envelope(change(None, "smb_message_echoes", message_echoes=[one], contacts=[CONTACT | {"wa_id": SALON}]))
