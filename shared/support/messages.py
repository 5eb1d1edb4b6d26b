"""support.messages: every message of a conversation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.support.conversations import Conversation

Role = Literal["user", "assistant", "manager", "system"]

NOTICE = {"notice": True}  # metadata of what the desk says by itself, which answers no question

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class NewMessage:
    """A message to store. `external_id` is the gateway's; a desk stores one message for each."""

    role: Role
    content: str
    correlation_id: str
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


async def add(connection: Connection, conversation: Conversation, message: NewMessage) -> UUID | None:
    """Store a message; its id, None when it is stored already."""
    parameters = {
        "conversation_id": conversation.conversation_id,
        "client_id": conversation.desk.id,
        "role": message.role,
        "content": message.content,
        "metadata": json.dumps(message.metadata),
        "external_id": message.external_id,
        "correlation_id": message.correlation_id,
    }
    row = await sql.fetch_optional(connection, _SQL["add"], parameters)
    return row["id"] if row else None
