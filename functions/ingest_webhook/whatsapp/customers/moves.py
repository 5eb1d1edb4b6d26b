"""Writes down whose addresses changed, and who turned out to be whom."""

from collections.abc import Iterable, Sequence
from typing import Any

from functions.ingest_webhook.whatsapp.customers.directory import Directory, Key
from functions.ingest_webhook.whatsapp.events import AddressChange
from functions.ingest_webhook.whatsapp.message import ParsedMessage
from functions.ingest_webhook.whatsapp.routing.accounts import RoutedRecord
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection
from shared.support.conversations import Conversation

Event = RoutedRecord[ParsedMessage | AddressChange]

_SQL = sql.load(__file__)


async def find_stored(connection: Connection, events: Iterable[Event]) -> set[Key]:
    """The changes of addresses that were followed before, as desks' ids and ids of the changes."""
    keys = [
        {"client_id": event.desk.client_id, "external_id": event.record.external_id}
        for event in events
        if isinstance(event.record, AddressChange)
    ]
    if not keys:
        return set()
    rows = await sql.fetch_all(connection, _SQL["find_stored"], {"rows": to_json_rows(keys)})
    return {(row["client_id"], row["external_id"]) for row in rows}


async def write(connection: Connection, directory: Directory) -> None:
    """Write what changed of known addresses. The conversations are locked, the claims are written."""
    moved = [{"leaves": leaves, "stays": directory.moved(leaves)} for leaves in directory.moves]
    reassigned = [
        {"client_id": key[0], "address": key[1], "user_id": directory.moved(customer)}
        for key, customer in directory.reassigned.items()
    ]
    released = [{"client_id": key[0], "address": key[1]} for key in directory.released]
    await _execute(connection, "release_addresses", released)
    await _execute(connection, "move_addresses", moved)
    await _execute(connection, "reassign_addresses", reassigned)
    await _execute(connection, "move_customers", moved)
    await connection.execute(_SQL["refresh_customers"], {"customers": list(directory.changed)})


async def store_changes(connection: Connection, changes: Sequence[tuple[Event, Conversation]]) -> None:
    """Remember which changes of addresses were followed."""
    rows = [
        {
            "conversation_id": conversation.conversation_id,
            "client_id": event.desk.client_id,
            "external_id": event.record.external_id,
            "correlation_id": event.request.correlation_id,
        }
        for event, conversation in changes
    ]
    await _execute(connection, "store_changes", rows)


async def _execute(connection: Connection, statement: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(_SQL[statement], {"rows": to_json_rows(rows)})
