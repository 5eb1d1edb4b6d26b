"""Who did what in a salon."""

from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection, Row

_SQL = sql.load(__file__)


async def listed(connection: Connection, tenant: UUID, before: int | None, limit: int) -> list[Row]:
    """The latest acts, at most `limit`, of those older than the one numbered `before`."""
    return await sql.fetch_all(connection, _SQL["listed"], {"tenant": tenant, "before": before, "limit": limit})
