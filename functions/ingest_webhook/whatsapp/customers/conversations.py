"""Which conversation a message belongs to: found by any of the customer's addresses, made when new, and locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.ingest_webhook.whatsapp.customers import moves, notices
from functions.ingest_webhook.whatsapp.customers.directory import Directory, Key, Note, Standing
from functions.ingest_webhook.whatsapp.customers.notices import Notice
from functions.ingest_webhook.whatsapp.events import AddressChange
from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from functions.ingest_webhook.whatsapp.message import ParsedMessage, phone_of, ranked_addresses
from functions.ingest_webhook.whatsapp.routing.accounts import Routed, RoutedRecord
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection, Row
from shared.support import conversations
from shared.support.conversations import Conversation

Event = RoutedRecord[ParsedMessage | AddressChange]

_SQL = sql.load(__file__)


class AddressesChanged(Exception):
    """Another transaction gave the same addresses to somebody meanwhile, or forgot them: roll back and begin again."""


@dataclass(frozen=True)
class Attached:
    """Messages in their conversations; notices about addresses, and the requests whose changes of them were new."""

    messages: Sequence[InboundMessage] = ()
    notices: Sequence[Notice] = ()
    changes: Sequence[str] = ()  # correlation ids


async def attach_to_conversations(connection: Connection, routed: Routed) -> Attached:
    """Find every message's conversation, and follow changes of addresses.

    The conversations stay locked until the transaction ends. Raises AddressesChanged.
    """
    events: list[Event] = list(routed.records_of(ParsedMessage, AddressChange))
    if not events:
        return Attached()
    directory, known = await _claim(connection, events)
    customers = set(directory.owners.values())
    ids = await _find_or_insert(connection, directory, known, events)
    by_customer = await _lock(connection, ids)
    if any(_has_changed(row, by_customer.get(customer)) for customer, row in known.items()):
        raise AddressesChanged
    standings = {customer: _standing(by_customer[customer], directory, known) for customer in customers}
    stored = await moves.find_stored(connection, events)
    resolved: list[tuple[Event, UUID]] = []
    changes: list[tuple[Event, UUID]] = []
    notes: list[tuple[Note, str]] = []
    for event in events:
        seen = len(directory.notes)
        if isinstance(event.record, ParsedMessage):
            resolved.append((event, directory.resolve(_keys(event, event.record.addresses), standings)))
        elif customer := _change(event, event.record, directory, stored):
            changes.append((event, customer))
        notes += [(note, event.request.correlation_id) for note in directory.notes[seen:]]
    if directory.changed:
        await moves.write(connection, directory)
        by_customer = await _lock(connection, ids)  # as they are called now
    await moves.store_changes(connection, [(event, by_customer[customer]) for event, customer in changes])
    return Attached(
        [
            InboundMessage(event.request, event.desk, event.record, by_customer[directory.moved(customer)])
            for event, customer in resolved
            if isinstance(event.record, ParsedMessage)
        ],
        [notice for note, correlation_id in notes for notice in notices.of(note, by_customer, correlation_id)],
        [event.request.correlation_id for event, _ in changes],
    )


async def touch(connection: Connection, messages: Iterable[InboundMessage]) -> None:
    """Note which customers wrote just now, from which addresses, and what they are called today."""
    by_customer = {inbound.conversation.user_id: inbound for inbound in messages}
    if not by_customer:
        return
    customers = [
        {"id": customer, "name": inbound.message.name, "phone": inbound.message.phone}
        for customer, inbound in by_customer.items()
    ]
    addresses = [
        {"id": customer, "client_id": inbound.desk.client_id, "address": address, "place": place}
        for customer, inbound in by_customer.items()
        for place, address in enumerate(inbound.message.addresses)
    ]
    parameters = {"rows": to_json_rows(customers), "addresses": to_json_rows(addresses)}
    await connection.execute(_SQL["touch_customers"], parameters)


async def _claim(connection: Connection, events: Sequence[Event]) -> tuple[Directory, Mapping[UUID, Row]]:
    """Whom the addresses lead to, unknown ones and new customers written down, and the customers that were there."""
    named = {key for event in events for key in _all_keys(event)}
    rows = await sql.fetch_all(connection, _SQL["find"], {"rows": to_json_rows(map(_address_row, named))})
    known = {row["user_id"]: row for row in rows}
    directory = Directory({(row["client_id"], row["address"]): row["user_id"] for row in rows})
    for event in events:
        if isinstance(event.record, AddressChange):
            directory.claim_change(_keys(event, event.record.former), _keys(event, event.record.addresses))
        else:
            directory.claim(_keys(event, event.record.addresses))
    if directory.claims:
        await _insert_claims(connection, directory, events)
    return directory, known


async def _insert_claims(connection: Connection, directory: Directory, events: Sequence[Event]) -> None:
    rank = {address: place for event in events for place, address in enumerate(event.record.addresses)}
    claims = [
        {**_address_row(key), "user_id": customer, "place": rank[key[1]]} for key, customer in directory.claims.items()
    ]
    claimed = await sql.fetch_all(connection, _SQL["claim"], {"rows": to_json_rows(claims)})
    if len(claimed) < len(claims):
        raise AddressesChanged


def _customers(directory: Directory, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The rows of new customers, named as the first message that names them does."""
    names: dict[UUID, str] = {}
    for event in events:
        if isinstance(event.record, ParsedMessage) and event.record.name:
            names.setdefault(directory.owners[_keys(event, event.record.addresses)[0]], event.record.name)
    keys: dict[UUID, list[Key]] = {}
    for key, owner in directory.claims.items():
        keys.setdefault(owner, []).append(key)
    rows = []
    for customer in directory.new:
        [client_id] = {key[0] for key in keys[customer]}
        addresses = ranked_addresses(*(key[1] for key in keys[customer]))
        row = {"id": customer, "client_id": client_id, "remote_jid": addresses[0], "phone": phone_of(addresses[0])}
        rows.append({**row, "name": names.get(customer)})
    return rows


async def _find_or_insert(
    connection: Connection, directory: Directory, known: Mapping[UUID, Row], events: Sequence[Event]
) -> set[UUID]:
    """The ids of the conversations of new and of known customers."""
    ids = {row["conversation_id"] for row in known.values()} - {None}
    if directory.new:
        rows = {"rows": to_json_rows(_customers(directory, events))}
        ids |= {row["id"] for row in await sql.fetch_all(connection, _SQL["insert_customers"], rows)}
    if without := [customer for customer, row in known.items() if row["conversation_id"] is None]:
        await connection.execute(_SQL["insert_conversations"], {"customers": without})
        ids |= {
            row["id"] for row in await sql.fetch_all(connection, _SQL["find_conversations"], {"customers": without})
        }
    return ids


def _has_changed(known: Row, locked: Conversation | None) -> bool:
    """Whether the customer moved before the lock was there, or was forgotten (`support forget`, housekeeping)."""
    return locked is None or locked.moved_to != known["moved_to"]


async def _lock(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Conversation]:
    """The conversations, locked, by customer."""
    return {conversation.user_id: conversation for conversation in await conversations.lock(connection, ids)}


def _standing(conversation: Conversation, directory: Directory, known: Mapping[UUID, Row]) -> Standing:
    row = known.get(conversation.user_id)
    return Standing(
        conversation.open_status is not None,
        conversation.has_topic,
        directory.has_phone(conversation.user_id),
        row["age_seconds"] if row else 0.0,
    )


def _change(event: Event, change: AddressChange, directory: Directory, stored: set[Key]) -> UUID | None:
    """Whose addresses change; None for a stranger's, and for a change that was followed before."""
    key = (event.desk.client_id, change.external_id)
    if key in stored:
        return None
    stored.add(key)
    return directory.change(_keys(event, change.former), _keys(event, change.addresses))


def _all_keys(event: Event) -> list[Key]:
    former = event.record.former if isinstance(event.record, AddressChange) else ()
    return _keys(event, (*former, *event.record.addresses))


def _keys(event: Event, addresses: Iterable[str]) -> list[Key]:
    return [(event.desk.client_id, address) for address in addresses]


def _address_row(key: Key) -> dict[str, Any]:
    return {"client_id": key[0], "address": key[1]}
