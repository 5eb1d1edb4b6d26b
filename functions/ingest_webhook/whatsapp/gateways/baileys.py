"""What a message of WhatsApp's own clients holds: one field for each kind, wrapped in layers."""

import re
from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.message import Content, Ignored, Kind, Media, location_text
from shared.payload import values

_MAX_DEPTH = 8
_LAYERS = (
    "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension", "deviceSentMessage",
    "documentWithCaptionMessage", "associatedChildMessage", "lottieStickerMessage", "editedMessage",
)  # fmt: skip
_FILES: dict[str, Kind] = {
    "imageMessage": "image",
    "videoMessage": "video",
    "ptvMessage": "video",
    "audioMessage": "audio",
    "documentMessage": "document",
    "stickerMessage": "sticker",
}
_CHOICES = {  # a button or a row that the customer chose stands for the text on it
    "buttonsResponseMessage": ("selectedDisplayText",),
    "templateButtonReplyMessage": ("selectedDisplayText",),
    "listResponseMessage": ("title",),
    "interactiveResponseMessage": ("body", "text"),
}
_SILENT = {  # between devices; an album is announced, then each of its photos comes by itself
    "messageContextInfo", "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage",
    "protocolMessage", "albumMessage", "pollUpdateMessage", "pinInChatMessage", "keepInChatMessage",
    "encReactionMessage",
}  # fmt: skip
_METADATA_KEYS = {"mediaUrl", "base64", "speechToText"}  # what Evolution adds
_EDIT = (14, "14", "MESSAGE_EDIT")
_VCARD_PHONE = re.compile(r"^(?:item\d+\.)?TEL[^:\n]*:(.+)$", re.MULTILINE | re.IGNORECASE)


def content(data: dict[str, Any], message_id: str | None) -> Content | Ignored | Unparsed:
    """What the message in `data` holds."""
    outer = values.part(data, "message")
    inner = _unwrapped(outer)
    protocol = values.part(inner, "protocolMessage")
    if protocol:
        inner = _unwrapped(values.part(protocol, "editedMessage"))
        if protocol.get("type") not in _EDIT:
            return Ignored("a protocol message")
    names = inner.keys() - _METADATA_KEYS
    if not names:
        return Unparsed("a message that is empty")
    if names <= _SILENT:
        return Ignored("a protocol message")
    corrected = values.identifier(values.part(protocol, "key").get("id"))
    quoted_id = corrected or _quoted(data, inner)
    return _file(outer, inner, message_id, quoted_id) or _text(inner, quoted_id)


def _unwrapped(inner: dict[str, Any]) -> dict[str, Any]:
    for _ in range(_MAX_DEPTH):
        layer = next((layer for name in _LAYERS if (layer := values.part(inner, name, "message"))), None)
        if layer is None:
            break
        inner = layer
    return {name: value for name, value in inner.items() if value not in (None, "")}


def _quoted(data: dict[str, Any], inner: dict[str, Any]) -> str | None:
    """Evolution lifts the context out of a text; other kinds keep theirs."""
    contexts = [values.part(holder, "contextInfo") for holder in (data, *inner.values())]
    return next((found for context in contexts if (found := values.identifier(context.get("stanzaId")))), None)


def _file(
    outer: dict[str, Any], inner: dict[str, Any], message_id: str | None, quoted_id: str | None
) -> Content | None:
    """The file's own `url` is encrypted: what can be fetched is Evolution's copy, or asked for by message id."""
    name = next((name for name in _FILES if isinstance(inner.get(name), dict)), None)
    if name is None:
        return None
    file, kind = inner[name], _FILES[name]
    if kind == "audio" and values.flag(file.get("ptt")):
        kind = "voice"
    caption = values.text(file.get("caption"))
    media = Media(
        url=values.link(outer.get("mediaUrl")) or values.link(inner.get("mediaUrl")),
        mime=values.short_text(file.get("mimetype")),
        file_name=values.short_text(file.get("fileName")) or values.short_text(file.get("title")),
        caption=caption or None,
        id=message_id,
    )
    return Content(kind, caption, media, quoted_id)


def _text(inner: dict[str, Any], quoted_id: str | None) -> Content:
    text = values.text(inner.get("conversation")) or values.text(values.part(inner, "extendedTextMessage").get("text"))
    if text or "conversation" in inner or "extendedTextMessage" in inner:
        return Content("text", text, None, quoted_id)
    if "reactionMessage" in inner:
        reaction = values.part(inner, "reactionMessage")
        reacted_to = values.identifier(values.part(reaction, "key").get("id"))
        return Content("reaction", values.text(reaction.get("text")), None, reacted_to)
    for name in ("locationMessage", "liveLocationMessage"):
        if name in inner:
            location = location_text(values.part(inner, name), "degreesLatitude", "degreesLongitude")
            return Content("location", location, None, quoted_id)
    if "contactMessage" in inner or "contactsArrayMessage" in inner:
        return Content("contact", _contacts(inner), None, quoted_id)
    for name, (*path, last) in _CHOICES.items():
        if chosen := values.text(values.part(inner, name, *path).get(last)):
            return Content("text", chosen, None, quoted_id)
    return Content("other", _any_text(inner), None, quoted_id)


def _contacts(inner: dict[str, Any]) -> str:
    contacts = [
        inner.get("contactMessage"),
        *values.items(values.part(inner, "contactsArrayMessage").get("contacts")),
    ]
    lines = []
    for contact in map(values.part, contacts):
        phones = _VCARD_PHONE.findall(values.text(contact.get("vcard")))
        lines.append(values.joined(contact.get("displayName"), *phones))
    return values.joined(*lines, by="\n")


def _any_text(inner: dict[str, Any]) -> str:
    """The text of a poll, an invitation or an order, under the names that such things have."""
    for field in map(values.part, inner.values()):
        if text := values.joined(field.get("name"), field.get("caption"), field.get("message")):
            return text
    return ""
