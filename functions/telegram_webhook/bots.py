"""The bots that Telegram may bring updates of."""

from dataclasses import dataclass

from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Bot:
    """Whose updates they are."""

    id: int
    name: str
    system: str
    username: str | None
    webhook_version: int


async def find(connection: Connection, name: str) -> Bot | None:
    """The Telegram bot called `name`."""
    if "\x00" in name or not name.isascii():
        return None
    row = await (await connection.execute(_SQL["find"], {"name": name})).fetchone()
    return Bot(**row) if row else None


async def language(connection: Connection, bot_id: int) -> Language | None:
    """The language of those for whom the bot works; None: it works for nobody."""
    row = await (await connection.execute(_SQL["language"], {"bot_id": bot_id})).fetchone()
    return row["language"] if row else None
