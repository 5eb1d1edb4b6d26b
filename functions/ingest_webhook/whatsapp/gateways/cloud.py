"""WhatsApp Cloud API (Meta): arrays of messages, receipts and, from a phone beside the API, echoes."""

from hashlib import sha256
from typing import Any

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import AddressChange, Correction
from functions.ingest_webhook.whatsapp.gateways import calls, receipts
from functions.ingest_webhook.whatsapp.gateways.cloud_content import content, message_type
from functions.ingest_webhook.whatsapp.message import (
    Content,
    Envelope,
    Ignored,
    Record,
    parse_time,
    phone_or_lid,
    ranked_addresses,
    to_record,
)
from shared.payload import values

# Fields of Meta's changes that concern no conversation, with what each reports.
IGNORED_FIELDS = {
    "account_alerts": "the account",
    "account_review_update": "the account",
    "account_settings_update": "the account",
    "account_update": "the account",
    "automatic_events": "advertising",
    "business_capability_update": "the account",
    "business_status_update": "the account",
    "consumer_profile": "a profile",
    "flows": "the state of a form",
    "group_lifecycle_update": "a group",
    "group_participants_update": "a group",
    "group_settings_update": "a group",
    "group_status_update": "a group",
    "history": "a history sync",
    "message_template_components_update": "a template",
    "message_template_quality_update": "a template",
    "message_template_status_update": "a template",
    "messaging_handovers": "who answers a chat",
    "partner_solutions": "the account",
    "payment_configuration_update": "payments",
    "phone_number_name_update": "the number",
    "phone_number_quality_update": "the number",
    "security": "the account",
    "smb_app_state_sync": "contacts of the phone",
    "standby": "a chat that another app answers",
    "template_category_update": "a template",
    "template_correct_category_detection": "a template",
    "tracking_events": "advertising",
    "user_preferences": "who wants no advertising",
}

ADDRESS_CHANGES = ("user_changed_number", "customer_changed_number", "user_changed_user_id")


def parse(body: Any) -> list[Record]:
    """Every message and receipt that `body` holds, at least one record."""
    changes = [
        change
        for entry in values.items(values.part(body).get("entry"))
        for change in values.items(values.part(entry).get("changes"))
    ]
    if not changes:
        return [Unparsed("no entry with changes: this is not Meta's envelope")]
    return [record for change in changes for record in _parse_change(values.part(change))]


def _parse_change(change: dict[str, Any]) -> list[Record]:
    if change.get("field") == "history":
        return [_notice(change)]  # its `messages` are files of years
    value = values.part(change, "value")
    messages, contacts = values.items(value.get("messages")), _contacts(value)
    is_one_to_one = len(messages) == len(values.items(value.get("contacts"))) == 1
    only = next(iter(contacts.values())) if is_one_to_one else {}
    account = values.identifier(values.part(value, "metadata").get("phone_number_id"))
    own_number = values.part(value, "metadata").get("display_phone_number")
    records = [_parse_message(message, account, own_number, contacts, only) for message in messages]
    records += [
        _parse_message(echo, account, own_number, contacts, {}, is_echo=True)
        for echo in values.items(value.get("message_echoes"))
    ]
    records += [
        calls.from_cloud(call, account, own_number, _contact_of(call, "from", contacts, only))
        for call in values.items(value.get("calls"))
    ]
    records += [receipts.from_cloud(status, account) for status in values.items(value.get("statuses"))]
    return records or [_notice(change)]


def _notice(change: dict[str, Any]) -> Ignored | Unparsed:
    """A change without messages. What nobody has heard of, and errors, are for a person to look at."""
    field = values.text(change.get("field"))
    if values.part(change, "value").get("errors"):
        return Unparsed("Meta reports an error of the account")
    if field in IGNORED_FIELDS:
        return Ignored(f"a notice of Meta's: {IGNORED_FIELDS[field]}")
    return Ignored("a change that brings no message")


def _contacts(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Who wrote, by number and by business-scoped id."""
    contacts = [values.part(contact) for contact in values.items(value.get("contacts"))]
    return {values.text(contact.get(name)): contact for name in ("user_id", "wa_id") for contact in contacts}


def _parse_message(
    data: Any,
    account: str | None,
    own_number: Any,
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
    if message_type(data) in ("edit", "revoke"):
        return _correction(data, account)
    if message_type(data) == "system":
        return _address_change(data, account)
    side = "to" if is_echo else "from"
    contact = _contact_of(data, side, contacts, only)
    envelope = Envelope(
        id=data.get("id"),
        account=account,
        addresses=_addresses(data, side, contact, own_number),
        from_me=is_echo,
        name=values.part(contact, "profile").get("name"),
        sent_at=data.get("timestamp"),
        raw=data,
    )
    return to_record(envelope, content(data))


def _addresses(data: dict[str, Any], side: str, contact: dict[str, Any], own_number: Any) -> tuple[str, ...]:
    """All that names the customer; a parent id is that of a person in several portfolios. Ours is nobody's."""
    named = ranked_addresses(
        data.get(side),
        contact.get("wa_id"),
        data.get(f"{side}_user_id"),
        contact.get("user_id"),
        data.get(f"{side}_parent_user_id"),
        contact.get("parent_user_id"),
    )
    return tuple(address for address in named if address != phone_or_lid(own_number)) or named


def _contact_of(data: Any, side: str, contacts: dict[str, dict[str, Any]], only: dict[str, Any]) -> dict[str, Any]:
    ids = (values.text(values.part(data).get(name)) for name in (side, f"{side}_user_id"))
    return next((contacts[known] for known in ids if known and known in contacts), only)


def _correction(data: dict[str, Any], account: str | None) -> Correction | Unparsed:
    """An edit or a deletion is a message of its own that names the one that it corrects."""
    kind = message_type(data)
    original_id = values.identifier(values.part(data, kind).get("original_message_id"))
    new = content(values.part(data, kind, "message")) if kind == "edit" else None
    if original_id is None or not (new is None or isinstance(new, Content)):
        return Unparsed("an edit or a deletion without its original or without words")
    external_id, sent_at = values.identifier(data.get("id")), parse_time(data.get("timestamp"))
    return Correction(account, original_id, new.text if new else None, external_id, sent_at, data)


def _address_change(data: dict[str, Any], account: str | None) -> AddressChange | Ignored | Unparsed:
    """The typed fields of a system message; its sentence is for people. Older ones call the new number `new_wa_id`.

    With a new number the one that wrote is given up; a new id alone leaves it as it is.
    """
    system = values.part(data, "system")
    kind, sender = values.text(system.get("type")), data.get("from") or system.get("customer")
    if kind in ("user_identity_changed", "customer_identity_changed"):
        return Ignored("a new security code")
    if kind not in ADDRESS_CHANGES:
        return Unparsed("a system message of a type that nobody has heard of")
    number = system.get("new_wa_id") or system.get("wa_id")
    stays = [sender] if kind == "user_changed_user_id" and not number else []
    new_ids = [system.get("user_id"), system.get("parent_user_id")]
    if not any(new_ids):  # who wrote has the id that they had, as far as we know
        stays.append(data.get("from_user_id"))
    previous = [system.get("previous_user_id"), system.get("previous_parent_user_id")]
    former, addresses = ranked_addresses(sender, *previous, *stays), ranked_addresses(number, *new_ids, *stays)
    if not former or not addresses:
        return Unparsed("a change of number that does not say from what to what")
    sent_at = parse_time(data.get("timestamp"))
    change = f"{former[0]}>{addresses[0]}:{data.get('timestamp')}"
    external_id = values.identifier(data.get("id")) or values.identifier(change) or sha256(change.encode()).hexdigest()
    return AddressChange(account, former, addresses, external_id, sent_at)
