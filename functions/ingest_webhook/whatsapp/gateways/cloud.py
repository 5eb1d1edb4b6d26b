"""WhatsApp Cloud API (Meta): arrays of messages, receipts and, from a phone beside the API, echoes."""

from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.message import (
    Content,
    Envelope,
    Ignored,
    Kind,
    Media,
    Record,
    location_text,
    ranked_addresses,
    to_record,
)
from shared.payload import values

_FILES: dict[str, Kind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
}
_OTHERS: dict[str, Kind] = {"contacts": "contact", "location": "location", "text": "text"}
_TYPES = (*_FILES, *_OTHERS, "reaction", "button", "interactive")
_SILENT = {"system": "a change of number", "request_welcome": "a chat that was opened", "revoke": "a deletion"}
_CHOICES = ("button_reply", "list_reply")


def parse(body: Any) -> list[Record]:
    """Every message and receipt that `body` holds, at least one record."""
    changes = [
        change
        for entry in values.items(values.part(body).get("entry"))
        for change in values.items(values.part(entry).get("changes"))
    ]
    if not changes:
        return [Unparsed("no entry with changes: this is not Meta's envelope")]
    return [record for change in changes for record in _parse_change(values.part(change, "value"))]


def _parse_change(value: dict[str, Any]) -> list[Record]:
    messages, contacts = values.items(value.get("messages")), _contacts(value)
    is_one_to_one = len(messages) == len(values.items(value.get("contacts"))) == 1
    only = next(iter(contacts.values())) if is_one_to_one else {}
    account = values.identifier(values.part(value, "metadata").get("phone_number_id"))
    records = [_parse_message(message, account, contacts, only) for message in messages]
    records += [
        _parse_message(echo, account, {}, {}, is_echo=True) for echo in values.items(value.get("message_echoes"))
    ]
    records += [Ignored("a delivery receipt") for _ in values.items(value.get("statuses"))]
    return records or [Ignored("a change that brings no message")]


def _contacts(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Who wrote, by number and by business-scoped id."""
    contacts = [values.part(contact) for contact in values.items(value.get("contacts"))]
    return {values.text(contact.get(name)): contact for name in ("user_id", "wa_id") for contact in contacts}


def _parse_message(
    data: Any,
    account: str | None,
    contacts: dict[str, dict[str, Any]],
    only: dict[str, Any],
    *,
    is_echo: bool = False,
) -> Record:
    """An echo went to the customer whose chat it is. The `only` contact wrote, whatever number stands there."""
    if not isinstance(data, dict):
        return Unparsed("a message that is no object")
    if data.get("group_id") or data.get("recipient_type") == "group":
        return Ignored("a group")
    side = "to" if is_echo else "from"
    number, scoped_id = data.get(side), data.get(f"{side}_user_id")
    ids = map(values.text, (number, scoped_id))
    contact = next((contacts[known] for known in ids if known and known in contacts), only)
    envelope = Envelope(
        id=data.get("id"),
        account=account,
        addresses=ranked_addresses(number, contact.get("wa_id"), scoped_id, contact.get("user_id")),
        from_me=is_echo,
        name=values.part(contact, "profile").get("name"),
        sent_at=data.get("timestamp"),
        raw=data,
    )
    return to_record(envelope, _content(data))


def _content(data: dict[str, Any]) -> Content | Ignored | Unparsed:
    kind = _type(data)
    if kind in _SILENT:
        return Ignored(_SILENT[kind])
    quoted_id = values.identifier(values.part(data, "context").get("id"))
    if kind == "edit":  # a message of its own that corrects another
        quoted_id = values.identifier(values.part(data, "edit").get("original_message_id"))
        data = values.part(data, "edit", "message")
        kind = _type(data)
    if not kind:
        return Unparsed("a message of no type")
    if kind == "reaction":
        reaction = values.part(data, "reaction")
        return Content(
            "reaction", values.text(reaction.get("emoji")), None, values.identifier(reaction.get("message_id"))
        )
    if kind in _FILES:
        return _file(values.part(data, kind), _FILES[kind], quoted_id)
    text = _text(data, kind)
    chosen = kind in {"button", "interactive"} and text
    return Content("text" if chosen else _OTHERS.get(kind, "other"), text, None, quoted_id)


def _type(data: dict[str, Any]) -> str:
    return values.text(data.get("type")) or next((name for name in _TYPES if name in data), "")


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


def _text(data: dict[str, Any], kind: str) -> str:
    if kind == "location":
        return location_text(values.part(data, "location"), "latitude", "longitude")
    if kind == "contacts":
        return values.joined(*map(_contact_text, values.items(data.get("contacts"))), by="\n")
    inner = values.part(data, kind)
    chosen = [values.part(inner, choice).get("title") for choice in _CHOICES]
    return values.text(inner.get("body")) or values.joined(inner.get("text"), *chosen)


def _contact_text(contact: Any) -> str:
    phones = [values.part(phone).get("phone") for phone in values.items(values.part(contact).get("phones"))]
    return values.joined(values.part(contact, "name").get("formatted_name"), *phones)
