"""What people do with a broadcast that was confirmed, in the bot and by command; the list of its recipients."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Literal
from unicodedata import category

from shared.database import sql
from shared.database.pool import Connection

Change = Literal["pause", "resume", "cancel", "retry"]

SQL = sql.load(__file__)
COLUMNS = ("user_id", "name", "status", "error", "sent_at")
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def change(connection: Connection, broadcast_id: int, how: Change) -> bool:
    """Pause it, let it go on, cancel it, or send it again where nobody knows; whether that was to be done."""
    return (await connection.execute(SQL[how], {"id": broadcast_id})).rowcount > 0


def to_csv(recipients: Iterable[Mapping[str, Any]]) -> str:
    """The recipients as a file that spreadsheets open; no name is a formula there, or steers a terminal."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(recipient[column]) for column in COLUMNS] for recipient in recipients)
    return BYTE_ORDER_MARK + written.getvalue()


def _cell(value: Any) -> str:
    text = "".join(character for character in str("" if value is None else value) if category(character) != "Cc")
    return f"'{text}" if text.startswith(_FORMULA) else text
