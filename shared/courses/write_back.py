"""Write back what became of the bot's screens, which message shows one now, of homework and broadcasts."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.courses import broadcast_recipients
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.kinds import COURSES_BROADCAST, COURSES_HOMEWORK, COURSES_SCREEN, COURSES_SCREEN_EDIT

_SQL = sql.load(__file__)


async def lock(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lock the dialogs whose screens (id, kind) are about to end, then homework, then recipients of broadcasts."""
    if screens := [row["id"] for row in rows if row["kind"] in (COURSES_SCREEN.name, COURSES_SCREEN_EDIT.name)]:
        await connection.execute(_SQL["lock"], {"ids": screens})
    if homework := [row["id"] for row in rows if row["kind"] == COURSES_HOMEWORK.name]:
        await connection.execute(_SQL["lock_homework"], {"ids": homework})
    if broadcasts := [row["id"] for row in rows if row["kind"] == COURSES_BROADCAST.name]:
        await broadcast_recipients.lock(connection, broadcasts)


async def write_back(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> None:
    """Note the messages that show screens, and forget those that somebody deleted (finished rows of the outbox)."""
    if shown := [row["id"] for row in finished if row["kind"] == COURSES_SCREEN.name and row["state"] == "sent"]:
        await connection.execute(_SQL["note_message"], {"ids": shown})
    gone = [
        row["id"]
        for row in finished
        if row["kind"] == COURSES_SCREEN_EDIT.name and row.get("error_class") == "message_gone"
    ]
    if gone:
        await connection.execute(_SQL["forget_message"], {"ids": gone})
    if homework := [row["id"] for row in finished if row["kind"] == COURSES_HOMEWORK.name]:
        await connection.execute(_SQL["note_homework"], {"ids": homework})
    await broadcast_recipients.write_back(connection, finished)
