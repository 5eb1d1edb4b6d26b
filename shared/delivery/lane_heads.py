"""The heads of lanes: when the oldest message that is not finished is due, and how urgent it is."""

from collections.abc import Collection

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def refresh(connection: Connection, lanes: Collection[tuple[int, str]]) -> None:
    """Write down the heads of `lanes` (bot and name) as their rows have them now.

    For whoever changed rows by other ways than enqueueing and sending, and holds these lanes locked.
    """
    columns = {"bots": [bot for bot, _ in lanes], "lanes": [lane for _, lane in lanes]}
    await connection.execute(_SQL["refresh"], columns)
