"""Outgoing messages that are linked to the rows that they carry, so that the sender can write back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message, enqueue

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class LinkedMessage:
    """A message for the outbox; `card_of` is a handover if it is its card, `carries` the support.messages row in it."""

    message: Message
    card_of: UUID | None = None
    carries: UUID | None = None


async def enqueue_linked(connection: Connection, linked_messages: Sequence[LinkedMessage]) -> None:
    """Enqueue the messages and link them, in the caller's transaction, as its last step."""
    ids = await enqueue(connection, [linked.message for linked in linked_messages])
    cards = [(linked.card_of, ids[key]) for linked in linked_messages if (key := linked.message.dedup_key) in ids]
    carriers = [(linked.carries, ids[key]) for linked in linked_messages if (key := linked.message.dedup_key) in ids]
    for statement, links in (("link_cards", cards), ("link_messages", carriers)):
        if rows := [(row, outbox_id) for row, outbox_id in links if row is not None]:
            columns = {"rows": [row for row, _ in rows], "outbox_ids": [outbox_id for _, outbox_id in rows]}
            await connection.execute(_SQL[statement], columns)
