"""What a message of WhatsApp's own clients holds: one field for each kind, wrapped in layers."""

from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.baileys_words import READERS, response, words
from functions.ingest_webhook.whatsapp.message import Content, Ignored, Kind, Media
from shared.payload import values

_MAX_DEPTH = 8
_VIEW_ONCE = {"viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"}
_FILES: dict[str, Kind] = {
    "imageMessage": "image",
    "videoMessage": "video",
    "ptvMessage": "video",
    "audioMessage": "audio",
    "documentMessage": "document",
    "stickerMessage": "sticker",
}
_WHERE_IT_IS = ("url", "directPath", "mediaKey", "mediaUrl", "base64")  # a view-once file that came has one
IGNORED = {
    "senderKeyDistributionMessage": "a key between devices",
    "fastRatchetKeySenderKeyDistributionMessage": "a key between devices",
    "call": "a key of a call",
    "stickerSyncRmrMessage": "stickers between devices",
    "messageHistoryBundle": "history between devices",
    "messageHistoryNotice": "history between devices",
    "albumMessage": "an album, whose files come by themselves",
    "pinInChatMessage": "a message that was pinned",
    "keepInChatMessage": "a message that was kept",
    "encReactionMessage": "a reaction that only the phone can read",
    "messageContextInfo": "a note between devices",  # beside any other
}
PROTOCOL_IGNORED = {
    "EPHEMERAL_SETTING": "a setting of disappearing messages",
    "EPHEMERAL_SYNC_RESPONSE": "a setting of disappearing messages",
    "STATUS_MENTION_MESSAGE": "a mention in a status",
    "SHARE_PHONE_NUMBER": "a number that was shared",
}
_METADATA_KEYS = {"mediaUrl", "base64", "speechToText"}  # what Evolution adds
_STUBS: dict[Any, Kind] = {  # what there is of a message that could not be read
    2: "other", "CIPHERTEXT": "other", 40: "call", "CALL_MISSED_VOICE": "call", 41: "call", "CALL_MISSED_VIDEO": "call",
}  # fmt: skip
_UNANSWERED = {"MISSED", "FAILED", "REJECTED", "SILENCED_BY_DND", "SILENCED_UNKNOWN_CALLER", "1", "2", "3", "6", "7"}


def content(data: dict[str, Any], message_id: str | None) -> Content | Ignored | Unparsed:
    """What the message in `data` holds. Edits and deletions are found before (corrections.py beside this file)."""
    outer = values.part(data, "message")
    inner, is_view_once = unwrapped(outer)
    if "protocolMessage" in inner:
        return protocol_ignored(values.part(inner, "protocolMessage"))
    names = inner.keys() - _METADATA_KEYS
    if not names:
        return _without_fields(data, is_view_once=is_view_once)
    if names <= IGNORED.keys():
        return Ignored(IGNORED[next(name for name in IGNORED if name in names)])
    quoted_id = _quoted(data, inner)
    file = _file(outer, inner, message_id, quoted_id, is_view_once=is_view_once)
    return file or _words(data, inner, quoted_id)


def unwrapped(inner: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The fields inside all layers, and whether one of these is for a single view. A layer has a message inside."""
    is_view_once = False
    for _ in range(_MAX_DEPTH):
        name = next((name for name in inner if values.part(inner, name, "message")), None)
        if name is None:
            break
        is_view_once = is_view_once or name in _VIEW_ONCE
        inner = values.part(inner, name, "message")
    return {name: value for name, value in inner.items() if value not in (None, "")}, is_view_once


def protocol_ignored(protocol: dict[str, Any]) -> Ignored:
    """Why a protocol message concerns nobody."""
    return Ignored(PROTOCOL_IGNORED.get(values.text(protocol.get("type")), "a protocol message"))


def _without_fields(data: dict[str, Any], *, is_view_once: bool) -> Content | Unparsed:
    stub = data.get("messageStubType")
    if is_view_once or values.flag(values.part(data, "key").get("isViewOnce")):
        return Content("view_once")
    kind = _STUBS.get(stub) if isinstance(stub, int | str) else None
    return Content(kind) if kind else Unparsed("a message that is empty")


def _quoted(data: dict[str, Any], inner: dict[str, Any]) -> str | None:
    """Evolution lifts the context out of a text; other kinds keep theirs."""
    contexts = [values.part(holder, "contextInfo") for holder in (data, *inner.values())]
    return next((found for context in contexts if (found := values.identifier(context.get("stanzaId")))), None)


def _file(
    outer: dict[str, Any],
    inner: dict[str, Any],
    message_id: str | None,
    quoted_id: str | None,
    *,
    is_view_once: bool,
) -> Content | None:
    """The file's own `url` is encrypted: what can be fetched is Evolution's copy, or asked for by message id."""
    name = next((name for name in _FILES if isinstance(inner.get(name), dict)), None)
    if name is None:
        return None
    file, kind = inner[name], _FILES[name]
    caption = values.text(file.get("caption"))
    is_view_once = is_view_once or values.flag(file.get("viewOnce"))
    if is_view_once and not any(place.get(key) for place in (outer, inner, file) for key in _WHERE_IT_IS):
        return Content("view_once", caption, None, quoted_id)
    if kind == "audio" and values.flag(file.get("ptt")):
        kind = "voice"
    media = Media(
        url=values.link(outer.get("mediaUrl")) or values.link(inner.get("mediaUrl")),
        mime=values.short_text(file.get("mimetype")),
        file_name=values.short_text(file.get("fileName")) or values.short_text(file.get("title")),
        caption=caption or None,
        id=message_id,
    )
    return Content(kind, caption, media, quoted_id)


def _words(data: dict[str, Any], inner: dict[str, Any], quoted_id: str | None) -> Content | Ignored:
    text = values.text(inner.get("conversation")) or values.text(values.part(inner, "extendedTextMessage").get("text"))
    if text or "conversation" in inner or "extendedTextMessage" in inner:
        return Content("text", text, None, quoted_id)
    if "reactionMessage" in inner:
        reaction = values.part(inner, "reactionMessage")
        reacted_to = values.identifier(values.part(reaction, "key").get("id"))
        return Content("reaction", values.text(reaction.get("text")), None, reacted_to)
    for name in ("callLogMesssage", "callLogMessage"):  # the first is WhatsApp's own spelling
        if name in inner:
            return _call(data, values.part(inner, name))
    if "pollUpdateMessage" in inner:
        quoted_id = values.identifier(values.part(inner, "pollUpdateMessage", "pollCreationMessageKey").get("id"))
    return _of_a_kind(inner, quoted_id)


def _of_a_kind(inner: dict[str, Any], quoted_id: str | None) -> Content:
    """A message by the reader of its field; one that nobody knows is of the kind `other`, with any words in it."""
    if "interactiveResponseMessage" in inner:
        kind, text = response(values.part(inner, "interactiveResponseMessage"))
    elif name := next((name for name in READERS if name in inner), None):
        kind, read = READERS[name]
        text = read(values.part(inner, name))
    else:
        kind, text = "other", words(inner)
    return Content("other" if kind == "text" and not text.strip() else kind, text, None, quoted_id)


def _call(data: dict[str, Any], log: dict[str, Any]) -> Content | Ignored:
    if values.flag(values.part(data, "key").get("fromMe")):
        return Ignored("a call of ours")
    is_missed = values.text(log.get("callOutcome")) in _UNANSWERED
    return Content("call") if is_missed else Ignored("a call that was answered")
