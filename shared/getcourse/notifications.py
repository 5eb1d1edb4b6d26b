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


@dataclass(frozen=True)
class Notification:
    """A row to be. `subject` is what it is about, in parts that never change."""

    mentor_id: int
    type: NotificationType
    message: str
    subject: tuple[object, ...]
    event_id: int | None = None

    @cached_property
    def message_hash(self) -> str:
        """What makes it the same for ever: its type, the mentor and the subject."""
        return hashlib.sha256("|".join(map(str, (self.type, self.mentor_id, *self.subject))).encode()).hexdigest()


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
