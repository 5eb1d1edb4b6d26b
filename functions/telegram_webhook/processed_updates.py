"""Updates that had an effect: Telegram repeats them until it hears 2xx, for a day."""

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def mark(connection: Connection, bot_id: int, update_id: int) -> bool:
    """Remember an update with the change that it makes; False: it was here before."""
    cursor = await connection.execute(_SQL["mark"], {"bot_id": bot_id, "update_id": update_id})
    return cursor.rowcount == 1
