"""Calls, of which a gateway reports several events each. Only one that nobody answered says something to us.

A missed call is a message of the kind `call`, so that it is one by its id, whichever event comes first or again. That
somebody answered is remembered in the same way, and takes back what its end, reported before, was taken for.
"""

from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import Correction
from functions.ingest_webhook.whatsapp.message import (
    Content,
    Envelope,
    Ignored,
    Record,
    ignored_server,
    phone_or_lid,
    ranked_addresses,
    to_record,
)
from shared.payload import values

# Baileys cannot tell a caller who hung up from the end of a call, but of an answered one it reports `accept` before.
_MISSED = {"timeout", "reject", "terminate"}
_ANSWERED = {"accept"}
_RINGING = Ignored("a call that rings")


def from_evolution(data: Any, account: str | None, own_number: Any) -> list[Record]:
    """What follows from one event of a call."""
    call = values.part(data)
    status, call_id = values.text(call.get("status")).strip().lower(), values.identifier(call.get("id"))
    named = [call.get(name) for name in ("from", "callerPn", "chatId")]
    if values.flag(call.get("isGroup")) or call.get("groupJid") or any(map(ignored_server, named)):
        return [Ignored("a call in a group")]
    if call_id is None:
        return [Unparsed("a call without id")]
    if status not in _MISSED | _ANSWERED:
        return [_RINGING]
    own = phone_or_lid(own_number)
    if own and status in _MISSED and phone_or_lid(call.get("from")) == own:
        return [Ignored("a call of ours")]
    envelope = Envelope(
        id=f"call/{call_id}",
        account=account,
        addresses=tuple(address for address in ranked_addresses(*named) if address != own),
        from_me=False,
        name=None,
        sent_at=call.get("date") if values.flag(call.get("offline")) else None,  # else it happens right now
        raw=call,
    )
    return _answered(envelope) if status in _ANSWERED else [to_record(envelope, Content("call"))]


def from_cloud(data: Any, account: str | None, own_number: Any, contact: dict[str, Any]) -> Record:
    """What follows from one of `calls[]`. Only a call that somebody picked up has a duration."""
    call = values.part(data)
    call_id, number = values.identifier(call.get("id")), values.text(call.get("from"))
    own = phone_or_lid(own_number)
    if call_id is None:
        return Unparsed("a call without id")
    if values.text(call.get("direction")).upper() == "BUSINESS_INITIATED" or (own and phone_or_lid(number) == own):
        return Ignored("a call of ours")
    if values.text(call.get("event")).lower() != "terminate":
        return _RINGING
    if values.coerced_integer(call.get("duration")) or call.get("start_time"):
        return Ignored("a call that was answered")
    envelope = Envelope(
        id=f"call/{call_id}",
        account=account,
        addresses=ranked_addresses(number, contact.get("wa_id"), call.get("from_user_id"), contact.get("user_id")),
        from_me=False,
        name=values.part(contact, "profile").get("name"),
        sent_at=call.get("timestamp"),
        raw=call,
    )
    return to_record(envelope, Content("call"))


def _answered(envelope: Envelope) -> list[Record]:
    if not envelope.addresses:
        return [Ignored("a call that was answered")]
    remembered = to_record(envelope, Content("answered_call"))
    return [remembered, Correction(envelope.account, envelope.id, None, None, None, envelope.raw)]
