"""support.messages: what was said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.support.conversations import Conversation

Role = Literal["user", "assistant", "manager", "system"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class NewMessage:
    """A message to be written down. `external_id` is its gateway's: it is written down once per client."""

    role: Role
    content: str
    correlation_id: str
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


async def add(connection: Connection, conversation: Conversation, line: NewMessage) -> UUID | None:
    """Write a line down; its id, None when it was there."""
    parameters = {
        "conversation_id": conversation.conversation_id,
        "client_id": conversation.client.id,
        "role": line.role,
        "content": line.content,
        "metadata": json.dumps(line.metadata),
        "external_id": line.external_id,
        "correlation_id": line.correlation_id,
    }
    row = await (await connection.execute(_SQL["add"], parameters)).fetchone()
    return row["id"] if row else None
