"""Values out of JSON that strangers wrote: every one may be missing or of another type."""

from typing import Any

from shared.payload.storable import without_nul

MAX_TEXT = 65_536  # characters, as many as WhatsApp lets a person type
MAX_SHORT = 255
MAX_URL = 4096
_MAX_INTEGER = 2**63


def text(value: Any) -> str:
    """What a person reads, "" for nothing and for what is no text."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < _MAX_INTEGER):
        value = str(value)
    return without_nul(value)[:MAX_TEXT] if isinstance(value, str) else ""


def short(value: Any) -> str | None:
    """A name: one line, not for ever."""
    return " ".join(text(value).split())[:MAX_SHORT] or None


def identifier(value: Any) -> str | None:
    """An id as it is; None when it is missing or too long to be one."""
    found = text(value).strip()
    return found if 0 < len(found) <= MAX_SHORT else None


def link(value: Any) -> str | None:
    """A URL that can be fetched."""
    found = text(value).strip()
    return found if found.startswith(("https://", "http://")) and len(found) <= MAX_URL else None


def flag(value: Any) -> bool:
    """Whether `value` says yes, in one of the spellings that flows give to true."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in {"true", "1"})


def part(value: Any, *names: str) -> dict[str, Any]:
    """The object at the path `names`, {} when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A list as it is; a lone value is a list of one, nothing is none."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def joined(*values: Any, by: str = ", ") -> str:
    """The texts among `values` behind each other."""
    return text(by.join(found for value in values if (found := text(value).strip())))


def place(location: dict[str, Any], latitude: str, longitude: str) -> str:
    """A location in words and coordinates, for whoever cannot see the map."""
    coordinates = joined(location.get(latitude), location.get(longitude), by=",")
    return joined(location.get("name"), location.get("address"), coordinates)
