"""Evolution API v2: Baileys' messages in an envelope, one or many, among events of other kinds."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways import baileys_corrections as corrections
from functions.ingest_webhook.whatsapp.gateways import calls, receipts
from functions.ingest_webhook.whatsapp.gateways.baileys import content
from functions.ingest_webhook.whatsapp.gateways.baileys_words import voted
from functions.ingest_webhook.whatsapp.message import (
    PHONE_SERVER,
    Content,
    Envelope,
    Ignored,
    ParsedMessage,
    Record,
    phone_or_lid,
    ranked_addresses,
    to_record,
)
from shared.payload import values

# Evolution's events that concern no conversation, with what each reports.
IGNORED_EVENTS = {
    "application.startup": "Evolution itself",
    "instance.create": "Evolution itself",
    "instance.delete": "Evolution itself",
    "remove.instance": "Evolution itself",
    "logout.instance": "Evolution itself",
    "status.instance": "Evolution itself",
    "creds.update": "Evolution itself",
    "qrcode.updated": "the connection",
    "connection.update": "the connection",
    "messages.set": "a history sync",
    "messaging.history.set": "a history sync",
    "contacts.set": "contacts",
    "contacts.upsert": "contacts",
    "contacts.update": "contacts",
    "presence.update": "who is typing",
    "chats.set": "the list of chats",
    "chats.update": "the list of chats",
    "chats.upsert": "the list of chats",
    "chats.delete": "the list of chats",
    "groups.upsert": "a group",
    "groups.update": "a group",
    "group.update": "a group",
    "group.participants.update": "a group",
    "typebot.start": "another bot",
    "typebot.change.status": "another bot",
    "labels.edit": "labels",
    "labels.association": "labels",
    "errors": "Evolution itself",
}

_OTHER_SERVERS = {PHONE_SERVER: "lid", "lid": PHONE_SERVER}


def parse(body: Any) -> list[Record]:
    """Every message that `body` holds, at least one record."""
    if not isinstance(body, dict):
        return [Unparsed("an envelope is an object")]
    event = re.sub("[-_ ]", ".", values.text(body.get("event")).strip().lower())
    if not event:
        return [Unparsed("no event: this is not Evolution's envelope")]
    data, account = body.get("data"), values.identifier(body.get("instance"))
    if isinstance(data, dict) and isinstance(data.get("messages"), list):
        data = data["messages"]
    if event == "call":
        events = (calls.from_evolution(call, account, body.get("sender")) for call in values.items(data))
        return [record for records in events for record in records] or [Unparsed("an envelope without calls")]
    if read := _EVENTS.get(event):
        own = phone_or_lid(body.get("sender"))
        records = [_without_own(read(part, account), own) for part in values.items(data)]
        return records or [Unparsed("an envelope without messages")]
    if event in IGNORED_EVENTS:
        return [Ignored(f"an event of Evolution's: {IGNORED_EVENTS[event]}")]
    return [Ignored("an event that brings no message")]


def _parse_update(data: Any, account: str | None) -> Record:
    """A receipt, mostly; of some versions also an edit, a deletion or the votes in a poll."""
    fields = values.part(data)
    updates = fields.get("pollUpdates") or values.part(fields, "update").get("pollUpdates")
    if updates:
        return _parse_votes(fields, voted(updates), account)
    return corrections.in_update(fields, account) or receipts.from_evolution(data, account)


def _parse_votes(data: dict[str, Any], options: str, account: str | None) -> Record:
    """What the customer has chosen by now, in a poll whose key stands there."""
    if not options:
        return Ignored("a vote that was withdrawn")
    key = {"id": data.get("keyId"), "remoteJid": data.get("remoteJid"), **values.part(data, "key")}
    poll = values.identifier(key.get("id"))
    envelope = Envelope(
        id=poll and f"vote/{poll}/{hashlib.sha256(options.encode()).hexdigest()[:16]}",
        account=account,
        addresses=_addresses(data, key, from_me=False),
        from_me=False,
        name=None,
        sent_at=data.get("messageTimestamp"),
        raw=data,
    )
    return to_record(envelope, Content("vote", options, None, poll))


def _parse_message(data: Any, account: str | None) -> Record:
    key = values.part(data, "key")
    if not key:
        return Unparsed("a message without key")
    if correction := corrections.in_message(data, account):
        return correction
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
    """The chat's phone and hidden number, under each name that they had.

    We are the sender of what we wrote, so `senderPn` and `senderLid` name the chat only in what others wrote.
    """
    names = ["remoteJidAlt", "previousRemoteJid", *([] if from_me else ["senderPn", "senderLid"])]
    chat = phone_or_lid(key.get("remoteJid"))
    server = chat.rpartition("@")[2] if chat else ""
    if server not in _OTHER_SERVERS:
        return (chat,) if chat else ()
    named = (phone_or_lid(holder.get(name)) for holder in (key, data) for name in names)
    other = next((name for name in named if name and name.endswith(f"@{_OTHER_SERVERS[server]}")), None)
    return ranked_addresses(chat, other)


def _without_own(record: Record, own: str | None) -> Record:
    """The instance's own number, which some versions put into the key of what we wrote, is no customer's."""
    if not isinstance(record, ParsedMessage):
        return record
    return replace(
        record, addresses=tuple(address for address in record.addresses if address != own) or record.addresses
    )


_EVENTS: Mapping[str, Callable[[Any, str | None], Record]] = {
    "messages.upsert": _parse_message,
    "messages.update": _parse_update,
    "messages.edited": corrections.in_event,
    "send.message.update": corrections.in_event,
    "messages.delete": corrections.in_deletion,
    "send.message": receipts.from_evolution,
}
EVENTS = [*_EVENTS, "call"]  # all that bring something
