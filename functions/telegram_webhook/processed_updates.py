"""Updates that had an effect. Telegram repeats an update until it gets 2xx, for a day."""

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def mark(connection: Connection, bot_id: int, update_id: int) -> bool:
    """Mark an update as processed, in the transaction of its effect; False: it was processed before."""
    cursor = await connection.execute(_SQL["mark"], {"bot_id": bot_id, "update_id": update_id})
    return cursor.rowcount == 1
