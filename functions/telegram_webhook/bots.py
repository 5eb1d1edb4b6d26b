"""The bots that Telegram may bring updates of."""

from dataclasses import dataclass

from shared.database import sql
from shared.database.pool import Connection

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
