"""Messages of a thread, in the one order that the database gives them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.learning.tabs import Role

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class NewMessage:
    """A message that shall be stored."""

    role: Role
    content: str = field(repr=False)
    meta: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class StoredMessage:
    """Where a message came to lie."""

    id: UUID
    seq: int
    created_at: datetime


async def append(connection: Connection, thread: UUID, said: Sequence[NewMessage]) -> list[StoredMessage]:
    """Add `said`, in this order and nothing in between, at the end of `thread`; nothing if the thread is gone.

    Whoever adds to the same thread at the same time waits until this transaction ends.
    """
    rows = [{"role": one.role, "content": one.content, "meta": one.meta} for one in said]
    values = {"thread": thread, "messages": json.dumps(rows, ensure_ascii=False)}
    cursor = await connection.execute(_SQL["append"], values)
    return sorted((StoredMessage(**row) for row in await cursor.fetchall()), key=lambda one: one.seq)
