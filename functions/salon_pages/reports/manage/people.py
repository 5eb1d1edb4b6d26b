"""People of a salon."""

from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection, Row

_SQL = sql.load(__file__)


async def listed(connection: Connection, tenant: UUID) -> list[Row]:
    """Those who may sign in, and those who may not any more, by name."""
    return await sql.fetch_all(connection, _SQL["listed"], {"tenant": tenant})
