"""WhatsApp Cloud API (Meta): arrays of messages, receipts and, from a phone beside the API, echoes."""

from typing import Any

from functions.ingest_webhook.whatsapp.message import (
    Content,
    Envelope,
    Ignored,
    Kind,
    Media,
    Record,
    Unparsed,
    location_text,
    message,
    phone_or_lid,
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
    alone = (
        next(iter(contacts.values())) if len(messages) == 1 and len(values.items(value.get("contacts"))) == 1 else {}
    )
    records = [_parse_one(one, contacts, alone) for one in messages]
    records += [_parse_one(one, {}, {}, echo=True) for one in values.items(value.get("message_echoes"))]
    records += [Ignored("a delivery receipt") for _ in values.items(value.get("statuses"))]
    return records or [Ignored("a change that brings no message")]


def _contacts(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Who wrote, by number and by business-scoped id."""
    contacts = [values.part(contact) for contact in values.items(value.get("contacts"))]
    return {values.text(contact.get(name)): contact for name in ("user_id", "wa_id") for contact in contacts}


def _parse_one(one: Any, contacts: dict[str, dict[str, Any]], alone: dict[str, Any], *, echo: bool = False) -> Record:
    """An echo goes to the person whose chat it is; `alone` wrote, whatever their number is called there."""
    if not isinstance(one, dict):
        return Unparsed("a message that is no object")
    if one.get("group_id") or one.get("recipient_type") == "group":
        return Ignored("a group")
    side = "to" if echo else "from"
    number, scoped_id = one.get(side), one.get(f"{side}_user_id")
    told = filter(None, map(values.text, (number, scoped_id)))
    contact = next((contacts[known] for known in told if known in contacts), alone)
    known = (number, contact.get("wa_id"), scoped_id, contact.get("user_id"))
    envelope = Envelope(
        id=one.get("id"),
        jid=next((jid for jid in map(phone_or_lid, known) if jid), None),
        from_me=echo,
        name=values.part(contact, "profile").get("name"),
        sent_at=one.get("timestamp"),
        raw=one,
    )
    return message(envelope, _content(one))


def _content(one: dict[str, Any]) -> Content | Ignored | Unparsed:
    kind = _type(one)
    if kind in _SILENT:
        return Ignored(_SILENT[kind])
    quoted_id = values.identifier(values.part(one, "context").get("id"))
    if kind == "edit":  # a message of its own that says it better
        quoted_id = values.identifier(values.part(one, "edit").get("original_message_id"))
        one = values.part(one, "edit", "message")
        kind = _type(one)
    if not kind:
        return Unparsed("a message of no type")
    if kind == "reaction":
        reaction = values.part(one, "reaction")
        return Content(
            "reaction", values.text(reaction.get("emoji")), None, values.identifier(reaction.get("message_id"))
        )
    if kind in _FILES:
        return _file(values.part(one, kind), _FILES[kind], quoted_id)
    text = _words(one, kind)
    chosen = kind in {"button", "interactive"} and text
    return Content("text" if chosen else _OTHERS.get(kind, "other"), text, None, quoted_id)


def _type(one: dict[str, Any]) -> str:
    return values.text(one.get("type")) or next((name for name in _TYPES if name in one), "")


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


def _words(one: dict[str, Any], kind: str) -> str:
    if kind == "location":
        return location_text(values.part(one, "location"), "latitude", "longitude")
    if kind == "contacts":
        return values.joined(*map(_contact_words, values.items(one.get("contacts"))), by="\n")
    inside = values.part(one, kind)
    chosen = [values.part(inside, choice).get("title") for choice in _CHOICES]
    return values.text(inside.get("body")) or values.joined(inside.get("text"), *chosen)


def _contact_words(contact: Any) -> str:
    phones = [values.part(phone).get("phone") for phone in values.items(values.part(contact).get("phones"))]
    return values.joined(values.part(contact, "name").get("formatted_name"), *phones)
