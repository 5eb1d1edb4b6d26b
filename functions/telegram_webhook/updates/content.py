"""What of a manager's message can go to the customer: words, and files that a link of ours leads to.

The list is of what may be nothing (service_messages.py). Whatever else a message holds gives words or is left out by
name, so that the topic says what did not go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.telegram_webhook.updates import places, polls, rich_message, service_messages
from functions.telegram_webhook.updates.entities import with_links
from functions.telegram_webhook.updates.places import text_of
from functions.telegram_webhook.updates.rich_message import LeftOut
from shared.payload.values import integer, part

_FILES = (
    "photo", "video", "document", "audio", "voice", "animation", "sticker", "video_note", "paid_media", "live_photo",
)  # fmt: skip
_MAX_BYTES = 20 * 1024 * 1024  # what a bot can download
# The kind that WhatsApp gets, and the name of a file without one. An animation's message holds a document, too, and a
# live photo's a photo.
_SENT_AS = {
    "photo": ("photo", "photo.jpg"),
    "animation": ("video", "video.mp4"),
    "video": ("video", "video.mp4"),
    "video_note": ("video", "video.mp4"),
    "live_photo": ("video", "video.mp4"),
    "audio": ("audio", "audio.mp3"),
    "voice": ("voice", "voice.ogg"),
    "document": ("document", "file"),
}


@dataclass(frozen=True)
class File:
    """A file that can be linked to: its kind for WhatsApp, its id at Telegram, its name, and what is the same file."""

    kind: str
    id: str
    name: str
    unique_id: str = ""


@dataclass(frozen=True)
class Content:
    """The words, the file that can be linked to, and what is left out (the file, where there are no links)."""

    text: str = ""
    left_out: tuple[LeftOut, ...] = ()
    file: File | None = None


NO_CONTENT = Content()


@dataclass(frozen=True)
class SentFile:
    """A file of any size, which the bot can send on by its id, and what Telegram says of its type, if anything."""

    id: str
    mime: str


def extract(message: Mapping[str, Any]) -> Content | None:
    """What a message holds; None: it is known to be a service message, like «X joined»."""
    if any(name in message for name in _FILES):
        return _of_file(message)
    if words := with_links(message.get("text"), message.get("entities")).strip():
        return Content(words)
    if "rich_message" in message:
        words, left_out = rich_message.flatten(part(message, "rich_message"))
        return Content(words, left_out if words or left_out else ("everything",))
    described = places.contact(message) or places.venue(message) or places.location(message)
    if described := described or polls.dice(message) or polls.poll(message) or polls.checklist(message):
        return Content(described, _beside(message))
    if service_messages.is_service(message):
        return None
    return Content(left_out=("everything",))


def _of_file(message: Mapping[str, Any]) -> Content:
    """The caption and the file. A sticker is nothing WhatsApp takes: its emoji goes."""
    caption = with_links(message.get("caption"), message.get("caption_entities")).strip()
    if "sticker" in message:
        emoji = text_of(part(message, "sticker"), "emoji")
        return Content(emoji, ("sticker" if emoji else "file",))
    return Content(caption, ("file",), _file(message))


def _beside(message: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """What a poll shows beside its words."""
    return ("file",) if part(message, "poll", "media") else ()


def sent_file(message: Mapping[str, Any]) -> SentFile | None:
    """The file that a message holds, to be sent on; None: there is none, or a sticker."""
    for name in _SENT_AS:
        if (file := _held(message, name)) and (file_id := text_of(file, "file_id")):
            return SentFile(file_id, text_of(file, "mime_type"))
    return None


def _file(message: Mapping[str, Any]) -> File | None:
    for name, (kind, default_name) in _SENT_AS.items():
        if (file := _held(message, name)) and (file_id := text_of(file, "file_id")):
            if (integer(file.get("file_size")) or 0) > _MAX_BYTES:
                return None
            file_name = text_of(file, "file_name") or default_name
            return File(kind, file_id, file_name, text_of(file, "file_unique_id"))
    return None


def _held(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What Telegram says of the file; of a photo that of its largest size."""
    found = message.get(name)
    file = found[-1] if isinstance(found, list) and found else found
    return file if isinstance(file, dict) else {}
