"""Evolution API v2: Baileys' messages in an envelope, one or many, among events of other kinds."""

import re
from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.baileys import content
from functions.ingest_webhook.whatsapp.message import (
    PHONE_SERVER,
    Envelope,
    Ignored,
    Record,
    phone_or_lid,
    ranked_addresses,
    to_record,
)
from shared.payload import values


def parse(body: Any) -> list[Record]:
    """Every message that `body` holds, at least one record."""
    if not isinstance(body, dict):
        return [Unparsed("an envelope is an object")]
    event = re.sub("[-_ ]", ".", values.text(body.get("event")).strip().lower())
    if not event:
        return [Unparsed("no event: this is not Evolution's envelope")]
    if event != "messages.upsert":
        return [Ignored("an event that brings no message")]
    data = body.get("data")
    if isinstance(data, dict) and isinstance(data.get("messages"), list):
        data = data["messages"]
    account = values.identifier(body.get("instance"))
    return [_parse_message(message, account) for message in values.items(data)] or [
        Unparsed("an envelope without messages")
    ]


def _parse_message(data: Any, account: str | None) -> Record:
    key = values.part(data, "key")
    if not key:
        return Unparsed("a message without key")
    from_me = values.flag(key.get("fromMe"))
    envelope = Envelope(
        id=key.get("id"),
        account=account,
        addresses=_addresses(data, key, from_me=from_me),
        from_me=from_me,
        name=data.get("pushName"),
        sent_at=data.get("messageTimestamp"),
        raw=data,
    )
    return to_record(envelope, content(data, values.identifier(key.get("id"))))


def _addresses(data: dict[str, Any], key: dict[str, Any], *, from_me: bool) -> tuple[str, ...]:
    """The chat's address, and the phone behind an `@lid`, under each name that it had.

    We are the sender of what we wrote, so `senderPn` names the chat only in what others wrote.
    """
    others = [key.get("remoteJidAlt"), data.get("remoteJidAlt")]
    if not from_me:
        others += [key.get("senderPn"), data.get("senderPn")]
    chat = phone_or_lid(key.get("remoteJid"))
    if chat is None or not chat.endswith("@lid"):
        return (chat,) if chat else ()
    phones = [other for other in map(phone_or_lid, others) if other and other.endswith(f"@{PHONE_SERVER}")]
    return ranked_addresses(chat, *phones)
