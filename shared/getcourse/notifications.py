"""getcourse.notifications: what a mentor is told, once for ever."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)

NotificationType = Literal["answerToLesson", "deadlineApproaching"]


MAX_HASH = 64
HASH_DIGITS = 32


@dataclass(frozen=True)
class Notification:
    """A row to be. `subject` is what it is about, in parts that never change.

    Those of one time whose `neighborhood` begins alike lie beside each other in the unique index.
    """

    mentor_id: int
    type: NotificationType
    message: str
    subject: tuple[object, ...]
    event_id: int | None = None
    neighborhood: str = ""

    @cached_property
    def former_hash(self) -> str:
        """What `message_hash` was before 0036_row_costs, and still is without a neighborhood."""
        return hashlib.sha256("|".join(map(str, (self.type, self.mentor_id, *self.subject))).encode()).hexdigest()

    @cached_property
    def message_hash(self) -> str:
        """What makes it the same for ever: its type, the mentor and the subject."""
        if not self.neighborhood:
            return self.former_hash
        return f"{self.neighborhood[: MAX_HASH - HASH_DIGITS - 1]}/{self.former_hash[:HASH_DIGITS]}"


async def add(connection: Connection, notifications: Sequence[Notification]) -> dict[str, int]:
    """Store those that nobody made before; their ids by message hash."""
    columns = {
        "mentor_id": [n.mentor_id for n in notifications],
        "type": [n.type for n in notifications],
        "message": [n.message for n in notifications],
        "event_id": [n.event_id for n in notifications],
        "message_hash": [n.message_hash for n in notifications],
    }
    rows = await (await connection.execute(_SQL["add"], columns)).fetchall()
    return {row["message_hash"]: row["id"] for row in rows}


async def reserve(connection: Connection, notifications: Sequence[Notification]) -> dict[str, int]:
    """Ids for those that nobody made before, by message hash. The caller stores them in the same transaction.

    Who makes the same at the same time fails when storing: the caller holds a lock on what they are about.
    """
    columns = {
        "message_hash": [n.message_hash for n in notifications],
        "former_hash": [n.former_hash for n in notifications],
    }
    rows = await sql.fetch_all(connection, _SQL["reserve"], columns)
    return {row["message_hash"]: row["id"] for row in rows}


async def store(connection: Connection, carried: Sequence[tuple[int, Notification, int]]) -> None:
    """Store notifications under the ids that were reserved, each with the id of the message that carries it."""
    columns = {
        "id": [number for number, _, _ in carried],
        "mentor_id": [n.mentor_id for _, n, _ in carried],
        "type": [n.type for _, n, _ in carried],
        "message": [n.message for _, n, _ in carried],
        "event_id": [n.event_id for _, n, _ in carried],
        "message_hash": [n.message_hash for _, n, _ in carried],
        "outbox_id": [outbox_id for _, _, outbox_id in carried],
    }
    await connection.execute(_SQL["store"], columns)


async def link(connection: Connection, links: Sequence[tuple[int, int]]) -> None:
    """Note for (notification id, outbox id) pairs which message carries which notification."""
    columns = {"notification_id": [one[0] for one in links], "outbox_id": [one[1] for one in links]}
    await connection.execute(_SQL["link"], columns)


async def write_back(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> None:
    """Note what became of the messages that carry notifications (rows of the outbox)."""
    columns = {
        "ids": [row["id"] for row in ended],
        "states": [row["state"] for row in ended],
        "message_ids": [row["message_id"] for row in ended],
        "finished": [row["finished_at"] for row in ended],
    }
    await connection.execute(_SQL["write_back"], columns)
