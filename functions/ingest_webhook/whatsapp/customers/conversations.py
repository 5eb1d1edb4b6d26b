"""Which conversation a message belongs to: customers and conversations, made when they are new, and locked."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from functions.ingest_webhook.whatsapp.accounts import Routed
from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from functions.ingest_webhook.whatsapp.message import ParsedMessage
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection
from shared.support import conversations

Address = tuple[UUID, str]  # a desk's id, and the customer's remote_jid

_SQL = sql.load(__file__)


async def attach_to_conversations(connection: Connection, routed: Routed) -> list[InboundMessage]:
    """Every message in its conversation. The conversations stay locked until the transaction ends."""
    messages = [(r.request, r.desk, r.record) for r in routed.records_of(ParsedMessage)]
    if not messages:
        return []
    customers = {
        (desk.client_id, message.remote_jid): {
            "client_id": desk.client_id,
            "remote_jid": message.remote_jid,
            "phone": message.phone,
            "name": message.name,
        }
        for _, desk, message in messages
    }
    ids = await _find_or_insert(connection, customers)
    locked = {found.conversation_id: found for found in await conversations.lock(connection, ids.values())}
    return [
        InboundMessage(request, desk, message, locked[ids[desk.client_id, message.remote_jid]])
        for request, desk, message in messages
    ]


async def touch(connection: Connection, messages: Iterable[InboundMessage]) -> None:
    """Note which customers wrote just now, and what they are called today."""
    customers = {
        inbound.conversation.user_id: {
            "id": inbound.conversation.user_id,
            "name": inbound.message.name,
            "phone": inbound.message.phone,
        }
        for inbound in messages
    }
    if customers:
        await connection.execute(_SQL["touch_customers"], {"rows": to_json_rows(customers.values())})


async def _find_or_insert(
    connection: Connection, customers: Mapping[Address, Mapping[str, object]]
) -> dict[Address, UUID]:
    """The ids of the customers' conversations."""
    ids = await _find(connection, customers.values())
    if new := [customer for address, customer in customers.items() if address not in ids]:
        rows = {"rows": to_json_rows(new)}
        await connection.execute(_SQL["insert_customers"], rows)
        await connection.execute(_SQL["insert_conversations"], rows)
        ids |= await _find(connection, new)
    return ids


async def _find(connection: Connection, customers: Collection[Mapping[str, object]]) -> dict[Address, UUID]:
    rows = await sql.fetch_all(connection, _SQL["find_conversations"], {"rows": to_json_rows(customers)})
    return {(row["client_id"], row["remote_jid"]): row["id"] for row in rows}
