"""Where somebody is in the dialog with the bot: a row, locked for as long as an update of theirs is processed."""

import json
from dataclasses import dataclass

from functions.telegram_webhook.courses.dialog.screen import Next
from shared.database import sql
from shared.database.pool import Connection
from shared.payload.values import string

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Dialog:
    """The screen that is shown, what of it, and the message that shows it, once it was sent; the last album."""

    screen: str
    at: str
    message_id: int | None
    album: str


async def lock(connection: Connection, telegram_id: int) -> Dialog:
    """The person's dialog, a new one if need be, locked until the transaction ends.

    Before any lane: whoever ends a message locks them in the same order.
    """
    await connection.execute(_SQL["open"], {"telegram_id": telegram_id})
    row = await sql.fetch_one(connection, _SQL["lock"], {"telegram_id": telegram_id})
    return Dialog(row["screen"], string(row["data"].get("at")), row["message_id"], string(row["data"].get("album")))


async def set_at(connection: Connection, telegram_id: int, at: str) -> None:
    """Change what of the screen is shown; it is not drawn anew."""
    await connection.execute(_SQL["set_at"], {"telegram_id": telegram_id, "at": at})


async def save(connection: Connection, telegram_id: int, shown: Next, message_id: int | None, album: str = "") -> None:
    """Note what is shown from now on; `message_id` None: it goes out as a new message."""
    data = {"at": shown.at, "album": album}
    parameters = {
        "telegram_id": telegram_id,
        "screen": shown.screen,
        "data": json.dumps({name: value for name, value in data.items() if value}),
        "message_id": message_id,
    }
    await connection.execute(_SQL["save"], parameters)
