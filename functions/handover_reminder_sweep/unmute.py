"""Mutes of the bot that have run out."""

from shared.database import sql
from shared.database.pool import Database

BATCH_ROWS = 1000

_SQL = sql.load(__file__)


async def unmute_expired(database: Database, batch_rows: int = BATCH_ROWS) -> int:
    """End a batch of mutes; how many those were."""
    async with database.connection() as connection:
        return (await connection.execute(_SQL["unmute_expired"], {"batch": batch_rows})).rowcount
