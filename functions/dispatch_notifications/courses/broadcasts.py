"""Broadcasts under way: recipients are frozen, then enqueued bit by bit, and the author is kept informed.

The outbox never holds much of a broadcast, so that a pause, a new text or a cancellation finds few messages on their
way, and each step is short. What a step does, it does once, however many runs there are and wherever they die.
"""

from dataclasses import dataclass
from typing import Any

from functions.dispatch_notifications.courses import texts
from shared import logs
from shared.courses import broadcast_message
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import COURSES_BROADCAST, COURSES_BROADCAST_EDIT, COURSES_BROADCAST_PROGRESS
from shared.errors import DatabaseUnavailable

MAX_OPEN = 20  # broadcasts under way at once, the oldest first
MAX_ON_THEIR_WAY = 500  # messages of one broadcast in the outbox
MAX_EDITS = 100  # of one broadcast in one step: more than a bot can send meanwhile
PROGRESS_SECONDS = 5  # between two versions of the message to its author
EDITABLE_HOURS = 48  # Telegram deletes nothing older

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Broadcast:
    """One that is under way, and which steps it waits for."""

    id: int
    bot_id: int
    is_due: bool
    is_sending: bool
    is_ending: bool  # it was cancelled: whoever waits is skipped
    is_changed: bool  # what was sent is to be edited or deleted
    has_progress: bool
    is_over: bool


async def advance(database: Database) -> int:
    """Bring every broadcast one step on; how many messages were enqueued. One that fails holds up no other."""
    async with database.connection() as connection:
        limits = {"most": MAX_OPEN, "hours": EDITABLE_HOURS}
        found = [Broadcast(**row) for row in await sql.fetch_all(connection, _SQL["open"], limits)]
    enqueued = 0
    for broadcast in found:
        try:
            enqueued += await _advance(database, broadcast)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - all other messages of all systems go on
            logs.error(
                "broadcast_failed", cause=error, broadcast_id=broadcast.id, next_step="carillon courses broadcasts"
            )
    return enqueued


async def _advance(database: Database, broadcast: Broadcast) -> int:
    enqueued = 0
    if broadcast.is_due:
        async with database.transaction() as connection:
            await plan(connection, broadcast.id)
    if broadcast.is_ending:
        async with database.transaction() as connection:
            await connection.execute(_SQL["skip_rest"], {"id": broadcast.id})
    if broadcast.is_due or broadcast.is_sending:
        async with database.transaction() as connection:
            enqueued += await _enqueue_next(connection, broadcast)
    if broadcast.is_changed:
        async with database.transaction() as connection:
            enqueued += await _change(connection, broadcast)
    if broadcast.is_due or broadcast.has_progress or broadcast.is_over:
        async with database.transaction() as connection:
            enqueued += await _show_progress(connection, broadcast.id)
    return enqueued


async def plan(connection: Connection, broadcast_id: int) -> bool:
    """Freeze the recipients of a broadcast, in the caller's transaction; whether it was due, and not planned yet."""
    began = await connection.execute(_SQL["begin"], {"id": broadcast_id})
    if began.rowcount == 0:
        return False
    frozen = await connection.execute(_SQL["freeze"], {"id": broadcast_id})
    if frozen.rowcount == 0:
        await connection.execute(_SQL["end_empty"], {"id": broadcast_id})
    logs.info("broadcast_planned", broadcast_id=broadcast_id, recipients=frozen.rowcount)
    return True


async def _enqueue_next(connection: Connection, broadcast: Broadcast) -> int:
    """Fill up what is on its way."""
    current = await sql.fetch_optional(connection, _SQL["message"], {"id": broadcast.id})
    if current is None:  # it was paused just now
        return 0
    parameters = {"id": broadcast.id, "most": MAX_ON_THEIR_WAY // current["files"]}
    waiting = await sql.fetch_all(connection, _SQL["waiting"], parameters)
    messages = {
        row["user_id"]: _message(broadcast, row, current["message"], (row["ahead"] + place) * current["gap_seconds"])
        for place, row in enumerate(waiting)
        if row["telegram_id"]
    }
    new = await enqueue(connection, list(messages.values()))
    ids = {user: new[message.dedup_key] for user, message in messages.items() if message.dedup_key in new}
    columns = {"id": broadcast.id, "users": list(ids), "ids": list(ids.values()), "revision": current["revision"]}
    await connection.execute(_SQL["note_enqueued"], columns)
    if gone := [row["user_id"] for row in waiting if not row["telegram_id"]]:
        await connection.execute(_SQL["skip_without_account"], {"id": broadcast.id, "users": gone})
    return len(ids)


def _message(broadcast: Broadcast, row: dict[str, Any], message: dict[str, Any], delay_seconds: float) -> Message:
    again = f"/{row['enqueued'] + 1}" if row["enqueued"] else ""
    return Message(
        bot_id=broadcast.bot_id,
        chat_id=row["telegram_id"],
        kind=COURSES_BROADCAST,
        method=message["method"],
        dedup_key=f"courses/broadcast/{broadcast.id}/{row['user_id']}{again}",
        payload=message["payload"],
        correlation_id=_correlation(broadcast.id),
        guard={"broadcast_id": broadcast.id, "user_id": row["user_id"]},
        delay_seconds=delay_seconds,
    )


async def _change(connection: Connection, broadcast: Broadcast) -> int:
    """Edit what was sent, or delete it, where Telegram still does so."""
    parameters = {"id": broadcast.id, "most": MAX_EDITS, "hours": EDITABLE_HOURS}
    changed = await sql.fetch_all(connection, _SQL["changed"], parameters)
    if not changed:
        return 0
    new = await enqueue(connection, [_change_message(broadcast, row) for row in changed])
    columns = {
        "id": broadcast.id, "users": [row["user_id"] for row in changed],
        "revision": changed[0]["revision"], "is_withdrawn": changed[0]["is_withdrawn"],
    }  # fmt: skip
    await connection.execute(_SQL["note_changed"], columns)
    return len(new)


def _change_message(broadcast: Broadcast, row: dict[str, Any]) -> Message:
    if row["is_withdrawn"]:
        what, method, payload = "delete", "deleteMessage", {"message_id": row["message_id"]}
        if row["album"]:
            method, payload = "deleteMessages", {"message_ids": [int(number) for number in row["album"].split(",")]}
    else:
        what = str(row["revision"])
        method, payload = broadcast_message.edit(row["message"], row["message_id"])
    return Message(
        bot_id=broadcast.bot_id,
        chat_id=row["telegram_id"],
        kind=COURSES_BROADCAST_EDIT,
        method=method,
        dedup_key=f"courses/broadcast/{broadcast.id}/{row['user_id']}/{row['message_id']}/{what}",
        payload=payload,
        correlation_id=_correlation(broadcast.id),
    )


async def _show_progress(connection: Connection, broadcast_id: int) -> int:
    """Let the author see how far it is, in one message; the last state in any case. Close what is over."""
    parameters = {"id": broadcast_id, "seconds": PROGRESS_SECONDS}
    row = await sql.fetch_optional(connection, _SQL["progress"], parameters)
    ids: list[int] = []
    if row and row["telegram_id"] and not row["is_unwanted"]:
        ids = list((await enqueue(connection, [_progress(row)])).values())
    if row:
        await connection.execute(_SQL["note_progress"], {"id": broadcast_id, "outbox_id": ids[0] if ids else None})
    await connection.execute(_SQL["close"], {"id": broadcast_id, "hours": EDITABLE_HOURS})
    return len(ids)


def _progress(row: dict[str, Any]) -> Message:
    shown, payload = row["shown_by"], {"text": texts.progress(row), "parse_mode": "HTML"}
    return Message(
        bot_id=row["bot_id"],
        chat_id=row["telegram_id"],
        kind=COURSES_BROADCAST_PROGRESS,
        method="editMessageText" if shown else "sendMessage",
        dedup_key=f"courses/broadcast/{row['id']}/progress/{row['progress_outbox_id'] or 0}",
        payload=payload | ({"message_id": shown} if shown else {}),
        correlation_id=_correlation(row["id"]),
    )


def _correlation(broadcast_id: int) -> str:
    return f"broadcast-{broadcast_id}"
