"""What of a manager's message can go to the client: a Telegram file is nothing that WhatsApp could fetch."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

LeftOut = Literal["file", "other"]

_FILES = ("photo", "video", "document", "audio", "voice", "animation", "sticker", "video_note", "paid_media")
_OTHERS = ("poll", "dice", "game", "checklist", "story", "invoice", "giveaway")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # Postgres holds neither NUL nor half a character


@dataclass(frozen=True)
class Carried:
    """The words that go, and what stays behind."""

    text: str = ""
    left_out: LeftOut | None = None


def carried(message: Mapping[str, Any]) -> Carried:
    """Files and their captions, words, contacts and places; nothing of what is none of these, like «X joined»."""
    if any(name in message for name in _FILES):
        return Carried(text_of(message, "caption"), "file")
    if any(name in message for name in _OTHERS):
        return Carried(left_out="other")
    return Carried(text_of(message, "text") or _contact(message) or _venue(message) or _location(message))


def text_of(message: Mapping[str, Any], name: str) -> str:
    """The field as text that can be stored; empty when there is none."""
    value = message.get(name)
    return _UNSTORABLE.sub("\ufffd", value).strip() if isinstance(value, str) else ""


def _contact(message: Mapping[str, Any]) -> str:
    contact = _fields(message, "contact")
    name = " ".join(filter(None, (text_of(contact, "first_name"), text_of(contact, "last_name"))))
    return "\n".join(filter(None, (name, text_of(contact, "phone_number"))))


def _venue(message: Mapping[str, Any]) -> str:
    venue = _fields(message, "venue")
    return "\n".join(filter(None, (text_of(venue, "title"), text_of(venue, "address"), _location(venue))))


def _location(message: Mapping[str, Any]) -> str:
    place = _fields(message, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ""
    return f"https://maps.google.com/?q={latitude:.6f},{longitude:.6f}"


def _fields(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}
