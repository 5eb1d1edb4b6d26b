"""Edits and deletions as WhatsApp's own clients write them, and as Evolution passes them on in events of their own.

Their key names the original by its id. Whose message it was, it does not tell: what a contact edits comes mirrored, as
ours in a chat with our own number.
"""

from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import Correction
from functions.ingest_webhook.whatsapp.gateways.baileys import content, protocol_ignored, unwrapped
from functions.ingest_webhook.whatsapp.message import Content, Ignored, ignored_server, parse_time
from shared.payload import values

_EDITS = {"14", "MESSAGE_EDIT"}
_DELETIONS = {"0", "REVOKE"}


def in_message(data: dict[str, Any], account: str | None) -> Correction | Ignored | Unparsed | None:
    """The correction that a message is; None when it is none."""
    outer = values.part(data, "message")
    inner, _ = unwrapped(outer)
    protocol = values.part(inner, "protocolMessage")
    if protocol:
        return _correction(protocol, data, account)
    if values.part(outer, "editedMessage", "message"):  # the new words in place of the old ones, under the old id
        return _correction({"key": data.get("key"), "type": "MESSAGE_EDIT", "editedMessage": inner}, data, account)
    return None


def in_event(data: Any, account: str | None) -> Correction | Ignored | Unparsed:
    """The correction in `messages.edited` or `send.message.update`, which may be any other protocol message."""
    fields = values.part(data)
    found = in_message(fields, account)
    if found is None:
        found = _correction(values.part(fields, "protocolMessage") or fields, fields, account)
    return found


def in_deletion(data: Any, account: str | None) -> Correction | Ignored | Unparsed:
    """What `messages.delete` names: a key, alone or in a message."""
    fields = values.part(data)
    key = values.part(fields, "key") or fields
    return _deletion({"id": fields.get("keyId"), **key}, fields, account)


def in_update(data: Any, account: str | None) -> Correction | Ignored | Unparsed | None:
    """The edit or deletion in one of `messages.update`; None when it brings none.

    Its status DELETED is none: Evolution gives it to whatever has no status.
    """
    fields = values.part(data)
    update = values.part(fields, "update") or fields
    key = {"id": fields.get("keyId"), "remoteJid": fields.get("remoteJid"), **values.part(fields, "key")}
    message = values.part(update, "message")
    if message.keys() & {"editedMessage", "protocolMessage"}:
        return in_message({**fields, "key": key, "message": message}, account)
    if values.text(update.get("messageStubType")) in {"1", "REVOKE"}:
        return _deletion(key, fields, account)
    return None


def _correction(protocol: dict[str, Any], data: dict[str, Any], account: str | None) -> Correction | Ignored | Unparsed:
    key, kind = values.part(protocol, "key"), values.text(protocol.get("type"))
    edited = values.part(protocol, "editedMessage", "message") or values.part(protocol, "editedMessage")
    if kind in _DELETIONS:
        return _deletion(key, data, account)
    if kind not in _EDITS and (kind or not edited):
        return protocol_ignored(protocol)
    if reason := _elsewhere(key, data):
        return Ignored(reason)
    original_id, new = values.identifier(key.get("id")), content({"message": edited}, None)
    if original_id is None or not isinstance(new, Content):
        return Unparsed("an edit without its original or without words")
    sent_at = parse_time(protocol.get("timestampMs")) or parse_time(data.get("messageTimestamp"))
    return Correction(account, original_id, new.text, _own_id(data, original_id), sent_at, data)


def _deletion(key: dict[str, Any], data: dict[str, Any], account: str | None) -> Correction | Ignored | Unparsed:
    if reason := _elsewhere(key, data):
        return Ignored(reason)
    original_id = values.identifier(key.get("id"))
    if original_id is None:
        return Unparsed("a deletion without its original")
    sent_at = parse_time(data.get("timestampMs")) or parse_time(data.get("messageTimestamp"))
    return Correction(account, original_id, None, _own_id(data, original_id), sent_at, data)


def _elsewhere(*holders: dict[str, Any]) -> str | None:
    """Why it concerns no conversation: keys name groups and the like as they are."""
    addresses = [holder.get("remoteJid") or values.part(holder, "key").get("remoteJid") for holder in holders]
    return next(filter(None, map(ignored_server, addresses)), None)


def _own_id(data: dict[str, Any], original_id: str) -> str | None:
    """The correction's id, where it is a message of its own."""
    found = values.identifier(values.part(data, "key").get("id"))
    return None if found == original_id else found
