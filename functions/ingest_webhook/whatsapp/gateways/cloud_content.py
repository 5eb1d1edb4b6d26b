"""What a message of the Cloud API holds: one field for each type."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.baileys_words import words
from functions.ingest_webhook.whatsapp.gateways.forms import answers
from functions.ingest_webhook.whatsapp.message import Content, Ignored, Kind, Media, location_text
from shared.payload import values

_FILES: dict[str, Kind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
}
IGNORED = {"request_welcome": "a chat that was opened", "system": "a change of number"}
# What Meta says of a message that it does not hand over.
_UNSUPPORTED: dict[str, Kind] = {
    "event": "event",
    "group_invite": "invite",
    "live_location": "live_location",
    "order": "order",
    "payment": "payment",
    "poll_creation": "poll",
    "poll_update": "vote",
    "poll": "poll",
    "product": "product",
    "view_once": "view_once",
}
UNSUPPORTED_IGNORED = {
    "keep_in_chat": "a message that was kept",
    "pin": "a message that was pinned",
    "reaction": "a reaction that only the phone can read",
}
_CONSENT = {"accept": "✅", "reject": "❌"}


def content(data: dict[str, Any]) -> Content | Ignored | Unparsed:
    """What the message holds. Edits and deletions are found before (cloud.py)."""
    kind = message_type(data)
    if kind in IGNORED:
        return Ignored(IGNORED[kind])
    if not kind:
        return Unparsed("a message of no type")
    quoted_id = values.identifier(values.part(data, "context").get("id"))
    field = values.part(data, kind)
    if kind == "reaction":
        reacted_to = values.identifier(field.get("message_id"))
        return Content("reaction", values.text(field.get("emoji")), None, reacted_to)
    if kind in _FILES:
        return _file(field, _FILES[kind], quoted_id)
    if kind == "unsupported" and (reason := UNSUPPORTED_IGNORED.get(values.text(field.get("type")).lower())):
        return Ignored(reason)
    found, text = READERS[kind](data) if kind in READERS else ("other", words(field))
    is_wordless = found == "text" and kind != "text" and not text.strip()
    return Content("other" if is_wordless else found, text, None, quoted_id)


def message_type(data: dict[str, Any]) -> str:
    """The type that a message names, or the one whose field it has."""
    return values.text(data.get("type")) or next(
        (name for name in (*_FILES, *READERS, "reaction", "edit", "revoke") if name in data), ""
    )


def _file(file: dict[str, Any], kind: Kind, quoted_id: str | None) -> Content:
    if kind == "audio" and values.flag(file.get("voice")):
        kind = "voice"
    caption = values.text(file.get("caption"))
    media = Media(
        url=values.link(file.get("url")) or values.link(file.get("link")),
        mime=values.short_text(file.get("mime_type")),
        file_name=values.short_text(file.get("filename")),
        caption=caption or None,
        id=values.identifier(file.get("id")),
    )
    return Content(kind, caption, media, quoted_id)


def _text(data: dict[str, Any]) -> tuple[Kind, str]:
    return "text", values.text(values.part(data, "text").get("body"))


def _location(data: dict[str, Any]) -> tuple[Kind, str]:
    location = values.part(data, "location")
    is_live = any(values.flag(location.get(name)) for name in ("live", "is_live"))
    return "live_location" if is_live else "location", location_text(location, "latitude", "longitude")


def _contacts(data: dict[str, Any]) -> tuple[Kind, str]:
    return "contact", values.joined(*map(_contact, values.items(data.get("contacts"))), by="\n")


def _contact(contact: Any) -> str:
    phones = [values.part(phone).get("phone") for phone in values.items(values.part(contact).get("phones"))]
    return values.joined(values.part(contact, "name").get("formatted_name"), *phones)


def _button(data: dict[str, Any]) -> tuple[Kind, str]:
    return "text", values.text(values.part(data, "button").get("text"))


def _interactive(data: dict[str, Any]) -> tuple[Kind, str]:
    """A button and a row stand for the text on them, a form for its answers."""
    inner = values.part(data, "interactive")
    if "nfm_reply" in inner:
        form = values.part(inner, "nfm_reply")
        body = values.text(form.get("body"))
        return "form", answers(form.get("response_json")) or ("" if form.get("name") == "flow" else body)
    if "call_permission_reply" in inner:
        consent = values.text(values.part(inner, "call_permission_reply").get("response")).lower()
        return "permission", _CONSENT.get(consent, "")
    chosen = [values.part(inner, choice).get("title") for choice in ("button_reply", "list_reply")]
    return "text", values.joined(*chosen) or words(inner)


def _order(data: dict[str, Any]) -> tuple[Kind, str]:
    """What was ordered, one a line: the catalog's number, or its name where there is one, the amount, the price."""
    order = values.part(data, "order")
    lines = []
    for item in map(values.part, values.items(order.get("product_items"))):
        name = next(filter(None, map(values.text, map(item.get, ("name", "title", "product_retailer_id")))), "")
        amount = values.text(item.get("quantity"))
        price = values.joined(item.get("item_price"), item.get("currency"), by=" ")
        lines.append(values.joined(values.joined(name, amount and f"× {amount}", by=" "), price))
    return "order", values.joined(order.get("text"), *lines, by="\n")


def _unsupported(data: dict[str, Any]) -> tuple[Kind, str]:
    said = values.text(values.part(data, "unsupported").get("type")).lower()
    return next((kind for name, kind in _UNSUPPORTED.items() if said.startswith(name)), "other"), ""


READERS: Mapping[str, Callable[[dict[str, Any]], tuple[Kind, str]]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "unsupported": _unsupported,
}
