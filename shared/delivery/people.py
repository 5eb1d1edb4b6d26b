"""What people are called to whom bots write: alerts name who could not be reached."""

from collections.abc import Collection

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def names(connection: Connection, telegram_ids: Collection[int]) -> dict[int, str]:
    """How those who look after a bot know each person: `Анна Ким (id 123)`, or by the id alone."""
    if not telegram_ids:
        return {}
    rows = await sql.fetch_all(connection, _SQL["names"], {"ids": sorted(set(telegram_ids))})
    return {row["id"]: f"{row['name']} (id {row['id']})" if row["name"] else f"id {row['id']}" for row in rows}
