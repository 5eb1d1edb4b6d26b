"""ChatFlow's calls, with invented people."""

from typing import Any

from functions.ingest_webhook.whatsapp.gateways.chatflow import parse
from functions.ingest_webhook.whatsapp.message import Media
from tests.functions.ingest_webhook.whatsapp.bodies import JID, MOMENT, SECONDS
from tests.functions.ingest_webhook.whatsapp.gateways.gateway import NAME, TEXT, TIMES, Gateway

PHOTO = {
    "type": "image",
    "mimetype": "image/jpeg",
    "url": "https://files.example/1.jpg",
    "fileName": "1.jpg",
    "caption": "Так хочу",
}


def text(message: Any = TEXT, **metadata: Any) -> dict[str, Any]:
    known = {"sender": NAME, "timestamp": SECONDS, "messageId": "3F0000000000000000A1", "remoteJid": JID}
    return {
        "messageType": "text",
        "message": message,
        "metadata": known | metadata,
        "mediaData": None,
        "nodeData": {"webHook": {"text": "https://functions.example/whatsapp/salon", "method": "POST"}},
    }


def file(kind: Any, data: dict[str, Any] | None, message: Any = None, **metadata: Any) -> dict[str, Any]:
    return text(message, **metadata) | {"messageType": kind, "mediaData": data}


CHATFLOW = Gateway(
    parse=parse,
    text=text(),
    text_id="3F0000000000000000A1",
    text_raw=text(),
    account=None,
    addresses=(JID,),
    own=text(fromMe=True),
    photo=file("image", PHOTO),
    photo_media=Media("https://files.example/1.jpg", "image/jpeg", "1.jpg", "Так хочу", None),
    photo_quotes=None,
    text_at=lambda seconds: text(timestamp=seconds),
    times=[
        *TIMES,
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
    kinds=[
        (file("audio", {"mimetype": "audio/ogg", "ptt": True}), "voice", ""),
        (file("audio", {"mimetype": "audio/ogg", "ptt": "true"}), "voice", ""),
        (file("audio", {"mimetype": "audio/mpeg", "ptt": False}), "audio", ""),
        (file("ptt", {"mimetype": "audio/ogg"}), "voice", ""),
        (file("imageMessage", {}), "image", ""),
        (file("IMAGE", None), "image", ""),
        (file("documentMessage", {"mimetype": "application/pdf"}), "document", ""),
        (file("text", {"type": "video"}), "video", ""),
        (file("text", {"mimetype": "application/pdf"}), "document", ""),
        (file("", {"mimetype": "image/png"}), "image", ""),
        (file(None, {"fileName": "price.xyz"}), "document", ""),
        (file("sticker", {"mimetype": "image/webp"}), "sticker", ""),
        (file("location", None), "location", ""),
        (file("poll", None), "poll", ""),
        (file("pollCreationMessageV3", None), "poll", ""),
        (file("viewOnceMessageV2", None), "view_once", ""),
        (file("liveLocationMessage", None), "live_location", ""),
        (file("order", None), "order", ""),
        (file("call", None), "other", ""),
    ],
    reactions=[],
    corrections=[],
    ignored=[
        (text(remoteJid="120363000000000001@g.us"), "a group"),
        (text(remoteJid="status@broadcast"), "a status or broadcast"),
        (text(remoteJid="77010000000@broadcast"), "a status or broadcast"),
        (text(remoteJid="1@newsletter"), "a newsletter"),
    ],
    unparsed=[
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
    without_id=(text(messageId=None), text("А послезавтра?", messageId=None)),
    wrappers=[lambda body: body],
    damageable=[
        text(),
        file("image", PHOTO),
        text(fromMe=True, messageId=None),
        [text(), file("audio", {"ptt": True})],
    ],
)
