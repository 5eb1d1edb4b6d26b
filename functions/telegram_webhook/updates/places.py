"""Contacts and places as words."""

from collections.abc import Mapping
from typing import Any

from shared.payload.postgres_text import replace_nul
from shared.payload.values import part, string


def text_of(message: Mapping[str, Any], name: str) -> str:
    """The field as text that can be stored; empty when there is none."""
    return replace_nul(string(message.get(name))).strip()


def contact(message: Mapping[str, Any]) -> str:
    """The name and the number of a contact."""
    found = part(message, "contact")
    name = " ".join(filter(None, (text_of(found, "first_name"), text_of(found, "last_name"))))
    return "\n".join(filter(None, (name, text_of(found, "phone_number"))))


def venue(message: Mapping[str, Any]) -> str:
    """The title, the address and the place of a venue."""
    found = part(message, "venue")
    return "\n".join(filter(None, (text_of(found, "title"), text_of(found, "address"), location(found))))


def location(message: Mapping[str, Any]) -> str:
    """A place as a link to a map; empty when there is none on Earth."""
    place = part(message, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ""
    return f"https://maps.google.com/?q={latitude:.6f},{longitude:.6f}"
