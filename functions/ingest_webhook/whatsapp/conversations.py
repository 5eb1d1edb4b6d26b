"""Whose messages they are: people and conversations, made when they are new, and locked."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from functions.ingest_webhook.whatsapp.inbound import InboundMessage, ParsedRequest, SourceDesk
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection
from shared.support import conversations as support_conversations

Key = tuple[UUID, str]  # client and address

_SQL = sql.load(__file__)


async def attach_to_conversations(
    connection: Connection, arrivals: Sequence[ParsedRequest], clients: Mapping[int, SourceDesk]
) -> list[InboundMessage]:
    """Every message whose source has a client, in its talk. All talks stay locked until the transaction ends."""
    given = [
        (arrival, clients[arrival.source_id], message)
        for arrival in arrivals
        if arrival.source_id in clients
        for message in arrival.messages
    ]
    if not given:
        return []
    addresses = {
        (client.client_id, message.remote_jid): {
            "client_id": client.client_id,
            "remote_jid": message.remote_jid,
            "phone": message.phone,
            "name": message.name,
        }
        for _, client, message in given
    }
    conversations = await _conversations(connection, addresses.values())
    if len(conversations) < len(addresses):
        new = [row for key, row in addresses.items() if key not in conversations]
        await connection.execute(_SQL["add_people"], {"rows": to_json_rows(new)})
        await connection.execute(_SQL["add_conversations"], {"rows": to_json_rows(new)})
        conversations |= await _conversations(connection, new)
    locked = {
        conversation.conversation_id: conversation
        for conversation in await support_conversations.lock(connection, conversations.values())
    }
    return [
        InboundMessage(arrival, client, message, locked[conversations[client.client_id, message.remote_jid]])
        for arrival, client, message in given
    ]


async def touch(connection: Connection, said: Iterable[InboundMessage]) -> None:
    """Note who wrote just now, and how they are called today."""
    people = {
        one.conversation.user_id: {"id": one.conversation.user_id, "name": one.message.name, "phone": one.message.phone}
        for one in said
    }
    if people:
        await connection.execute(_SQL["seen"], {"rows": to_json_rows(people.values())})


async def _conversations(connection: Connection, addresses: Iterable[Mapping[str, object]]) -> dict[Key, UUID]:
    found = await (await connection.execute(_SQL["conversations"], {"rows": to_json_rows(addresses)})).fetchall()
    return {(row["client_id"], row["remote_jid"]): row["id"] for row in found}
