"""Evolution's envelopes, with invented people."""

from typing import Any

from functions.ingest_webhook.whatsapp.gateways.evolution import parse
from functions.ingest_webhook.whatsapp.message import ParsedMessage
from tests.functions.ingest_webhook.whatsapp.shapes import (
    JID,
    SALON,
    SECONDS,
    only,
)

LID = "123456789012345@lid"

SILENT = {"messageContextInfo": {"deviceListMetadataVersion": 2}}

PHOTO = {
    "imageMessage": {
        "url": "https://mmg.whatsapp.net/o1/v/encrypted.enc",
        "mimetype": "image/jpeg",
        "caption": "Так хочу",
        "contextInfo": {"stanzaId": "3EB0QUOTED"},
    }
}


def data(message: Any = None, key: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    known = {"remoteJid": JID, "fromMe": False, "id": "3EB0000000000000000001"}
    return {
        "key": known | (key or {}),
        "pushName": "Айгерим",
        "status": "DELIVERY_ACK",
        "message": {"conversation": "Вы завтра работаете?"} if message is None else message,
        "messageType": "conversation",
        "messageTimestamp": SECONDS,
        "instanceId": "00000000-0000-4000-8000-000000000001",
        "source": "android",
    } | more


def envelope(contents: Any, event: Any = "messages.upsert") -> dict[str, Any]:
    return {
        "event": event,
        "instance": "salon-1",
        "data": contents,
        "destination": "https://functions.example/whatsapp/salon",
        "date_time": "2026-03-02T16:36:58.000Z",
        "sender": f"{SALON}@s.whatsapp.net",
        "server_url": "https://evolution.example",
        "apikey": None,
    }


def read(message: Any = None, key: dict[str, Any] | None = None, **more: Any) -> ParsedMessage:
    return only(parse(envelope(data(message, key, **more))))


def record(message: Any) -> Any:
    return parse(envelope(data(message)))[0]
