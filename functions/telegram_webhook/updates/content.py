"""What of a manager's message can go to the customer: text, and files that a link of ours leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.payload.postgres_text import replace_nul
from shared.payload.values import integer, part, string

LeftOut = Literal["file", "other"]

_FILES = ("photo", "video", "document", "audio", "voice", "animation", "sticker", "video_note", "paid_media")
_OTHERS = ("poll", "dice", "game", "checklist", "story", "invoice", "giveaway")
_MAX_BYTES = 20 * 1024 * 1024  # what a bot can download
# The kind that WhatsApp gets, and the name of a file without one. An animation's message holds a document, too.
_SENT_AS = {
    "photo": ("photo", "photo.jpg"),
    "animation": ("video", "video.mp4"),
    "video": ("video", "video.mp4"),
    "video_note": ("video", "video.mp4"),
    "audio": ("audio", "audio.mp3"),
    "voice": ("voice", "voice.ogg"),
    "document": ("document", "file"),
}


@dataclass(frozen=True)
class File:
    """A file that can be linked to: its kind for WhatsApp, its id at Telegram, its name."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True)
class Content:
    """The text, the file that can be linked to, and what is left out (the file, where there are no links)."""

    text: str = ""
    left_out: LeftOut | None = None
    file: File | None = None


def extract(message: Mapping[str, Any]) -> Content:
    """Files with captions, texts, contacts and locations; nothing of other messages, like «X joined»."""
    if any(name in message for name in _FILES):
        return Content(text_of(message, "caption"), "file", _file(message))
    if any(name in message for name in _OTHERS):
        return Content(left_out="other")
    return Content(text_of(message, "text") or _contact(message) or _venue(message) or _location(message))


def text_of(message: Mapping[str, Any], name: str) -> str:
    """The field as text that can be stored; empty when there is none."""
    return replace_nul(string(message.get(name))).strip()


def _file(message: Mapping[str, Any]) -> File | None:
    for name, (kind, default_name) in _SENT_AS.items():
        found = message.get(name)
        file = found[-1] if isinstance(found, list) and found else found  # a photo's largest size
        if isinstance(file, dict) and (file_id := text_of(file, "file_id")):
            size = integer(file.get("file_size")) or 0
            return None if size > _MAX_BYTES else File(kind, file_id, text_of(file, "file_name") or default_name)
    return None


def _contact(message: Mapping[str, Any]) -> str:
    contact = part(message, "contact")
    name = " ".join(filter(None, (text_of(contact, "first_name"), text_of(contact, "last_name"))))
    return "\n".join(filter(None, (name, text_of(contact, "phone_number"))))


def _venue(message: Mapping[str, Any]) -> str:
    venue = part(message, "venue")
    return "\n".join(filter(None, (text_of(venue, "title"), text_of(venue, "address"), _location(venue))))


def _location(message: Mapping[str, Any]) -> str:
    place = part(message, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ""
    return f"https://maps.google.com/?q={latitude:.6f},{longitude:.6f}"
