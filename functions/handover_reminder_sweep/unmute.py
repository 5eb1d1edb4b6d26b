"""Mutes of the bot that have run out."""

from shared.database import sql
from shared.database.pool import Database

BATCH_ROWS = 1000

_SQL = sql.load(__file__)


async def unmute_expired(database: Database, batch_rows: int = BATCH_ROWS) -> int:
    """Let the bot speak again in a batch of conversations; how many those were."""
    async with database.connection() as connection:
        return (await connection.execute(_SQL["lift"], {"batch": batch_rows})).rowcount
