"""The bots that Telegram may bring updates of."""

from dataclasses import dataclass

from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Bot:
    """A Telegram bot, and the system that it works for."""

    id: int
    name: str
    system: str
    username: str | None
    webhook_version: int


async def find(connection: Connection, name: str) -> Bot | None:
    """The Telegram bot called `name`, or None."""
    if "\x00" in name or not name.isascii():
        return None
    row = await sql.fetch_optional(connection, _SQL["find"], {"name": name})
    return Bot(**row) if row else None


async def language(connection: Connection, bot_id: int) -> Language | None:
    """The language of the bot's desk, salon or source; None: it has none."""
    row = await sql.fetch_optional(connection, _SQL["language"], {"bot_id": bot_id})
    return row["language"] if row else None
