"""ChatFlow (app.chatflow.kz): one message a call, no signature, media as a URL that may expire."""

from typing import Any, get_args

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.message import (
    Content,
    Envelope,
    Kind,
    Media,
    Record,
    ranked_addresses,
    to_record,
)
from shared.payload import values

# Its own names, and what is left of those of WhatsApp's clients without "Message".
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind) if kind not in ("call", "answered_call")} | {
    "chat": "text",
    "conversation": "text",
    "extendedtext": "text",
    "buttonsresponse": "text",
    "listresponse": "text",
    "templatebuttonreply": "text",
    "interactiveresponse": "form",
    "photo": "image",
    "picture": "image",
    "ptt": "voice",
    "doc": "document",
    "file": "document",
    "application": "document",  # the first half of a MIME type
    "contacts": "contact",
    "contactsarray": "contact",
    "livelocation": "live_location",
    "viewonce": "view_once",
    "viewoncemessagev2": "view_once",
    "pollcreation": "poll",
    "pollcreationmessagev2": "poll",
    "pollcreationmessagev3": "poll",
    "pollupdate": "vote",
    "groupinvite": "invite",
    "vcard": "contact",
}


def parse(body: Any) -> list[Record]:
    """Every message that `body` holds, at least one record."""
    return [_parse_message(message) for message in values.items(body)] or [Unparsed("an empty body")]


def _parse_message(body: Any) -> Record:
    metadata = values.part(body, "metadata")
    if not metadata:
        return Unparsed("no metadata: this is not ChatFlow's message")
    own = metadata.get("fromMe", body.get("fromMe"))
    envelope = Envelope(
        id=metadata.get("messageId"),
        account=None,
        addresses=ranked_addresses(metadata.get("remoteJid")),
        from_me=values.flag(own),
        name=metadata.get("sender"),
        sent_at=metadata.get("timestamp"),
        raw=body,
    )
    return to_record(envelope, _content(body))


def _content(body: dict[str, Any]) -> Content:
    data = values.part(body, "mediaData")
    caption = values.text(data.get("caption")).strip()
    text = values.text(body.get("message"))
    media = _media(data, caption) if data else None
    kind = _kind(body, data, text)
    if kind == "audio" and values.flag(data.get("ptt")):
        kind = "voice"
    return Content(kind, text if text.strip() else caption, media)


def _kind(body: dict[str, Any], data: dict[str, Any], text: str) -> Kind:
    """What the gateway calls it; a file that it calls nothing or a text is what its type says."""
    kind = _kind_of(body.get("messageType"))
    if data and kind in {None, "text"}:
        mime = values.text(data.get("mimetype")).partition("/")[0]
        return _kind_of(data.get("type")) or _kind_of(mime) or "document"
    return kind or ("text" if text.strip() else "other")


def _kind_of(value: Any) -> Kind | None:
    return _KINDS.get(values.text(value).strip().lower().removesuffix("message"))


def _media(data: dict[str, Any], caption: str) -> Media:
    return Media(
        url=values.link(data.get("url")),
        mime=values.short_text(data.get("mimetype")),
        file_name=values.short_text(data.get("fileName")),
        caption=caption or None,
        id=None,
    )
