"""What lies in a message as WhatsApp's own clients build it: one field for each kind, wrapped in layers."""

import re
from typing import Any

from functions.ingest_webhook.whatsapp.message import Content, Ignored, Kind, Media, Unparsed, location_text
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
_CHOICES = {  # a button or a row that the person chose stands for the words on it
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
    """What the message in `data` says."""
    outside = values.part(data, "message")
    inside = _unwrapped(outside)
    protocol = values.part(inside, "protocolMessage")
    if protocol:
        inside = _unwrapped(values.part(protocol, "editedMessage"))
        if protocol.get("type") not in _EDIT:
            return Ignored("a protocol message")
    said = inside.keys() - _METADATA_KEYS
    if not said:
        return Unparsed("a message that is empty")
    if said <= _SILENT:
        return Ignored("a protocol message")
    corrected = values.identifier(values.part(protocol, "key").get("id"))
    quoted_id = corrected or _quoted(data, inside)
    return _file(outside, inside, message_id, quoted_id) or _words(inside, quoted_id)


def _unwrapped(inside: dict[str, Any]) -> dict[str, Any]:
    for _ in range(_MAX_DEPTH):
        layer = next((layer for name in _LAYERS if (layer := values.part(inside, name, "message"))), None)
        if layer is None:
            break
        inside = layer
    return {name: value for name, value in inside.items() if value not in (None, "")}


def _quoted(data: dict[str, Any], inside: dict[str, Any]) -> str | None:
    """Evolution lifts the context out of a text; other kinds keep theirs."""
    contexts = [values.part(data, "contextInfo")] + [values.part(one, "contextInfo") for one in inside.values()]
    return next((found for one in contexts if (found := values.identifier(one.get("stanzaId")))), None)


def _file(
    outside: dict[str, Any], inside: dict[str, Any], message_id: str | None, quoted_id: str | None
) -> Content | None:
    """The file's own `url` is encrypted: what can be fetched is Evolution's copy, or asked for by message id."""
    name = next((name for name in _FILES if isinstance(inside.get(name), dict)), None)
    if name is None:
        return None
    file, kind = inside[name], _FILES[name]
    if kind == "audio" and values.flag(file.get("ptt")):
        kind = "voice"
    caption = values.text(file.get("caption"))
    media = Media(
        url=values.link(outside.get("mediaUrl")) or values.link(inside.get("mediaUrl")),
        mime=values.short_text(file.get("mimetype")),
        file_name=values.short_text(file.get("fileName")) or values.short_text(file.get("title")),
        caption=caption or None,
        id=message_id,
    )
    return Content(kind, caption, media, quoted_id)


def _words(inside: dict[str, Any], quoted_id: str | None) -> Content:
    text = values.text(inside.get("conversation")) or values.text(
        values.part(inside, "extendedTextMessage").get("text")
    )
    if text or "conversation" in inside or "extendedTextMessage" in inside:
        return Content("text", text, None, quoted_id)
    if "reactionMessage" in inside:
        reaction = values.part(inside, "reactionMessage")
        reacted_to = values.identifier(values.part(reaction, "key").get("id"))
        return Content("reaction", values.text(reaction.get("text")), None, reacted_to)
    for name in ("locationMessage", "liveLocationMessage"):
        if name in inside:
            place = location_text(values.part(inside, name), "degreesLatitude", "degreesLongitude")
            return Content("location", place, None, quoted_id)
    if "contactMessage" in inside or "contactsArrayMessage" in inside:
        return Content("contact", _contacts(inside), None, quoted_id)
    for name, (*path, last) in _CHOICES.items():
        if chosen := values.text(values.part(inside, name, *path).get(last)):
            return Content("text", chosen, None, quoted_id)
    return Content("other", _any_words(inside), None, quoted_id)


def _contacts(inside: dict[str, Any]) -> str:
    contacts = [
        inside.get("contactMessage"),
        *values.items(values.part(inside, "contactsArrayMessage").get("contacts")),
    ]
    lines = []
    for contact in map(values.part, contacts):
        phones = _VCARD_PHONE.findall(values.text(contact.get("vcard")))
        lines.append(values.joined(contact.get("displayName"), *phones))
    return values.joined(*lines, by="\n")


def _any_words(inside: dict[str, Any]) -> str:
    """What a poll, an invitation, an order say in words, under the names that such things have."""
    for one in map(values.part, inside.values()):
        if words := values.joined(one.get("name"), one.get("caption"), one.get("message")):
            return words
    return ""
