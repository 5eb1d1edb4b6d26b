"""Alerts of a salon."""

from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection, Row

_SQL = sql.load(__file__)


async def opened(connection: Connection, tenant: UUID) -> list[Row]:
    """Those that are not over, the latest first."""
    return await sql.fetch_all(connection, _SQL["open"], {"tenant": tenant})


async def over(connection: Connection, tenant: UUID, limit: int) -> list[Row]:
    """Those that are over, the latest first, at most `limit`."""
    return await sql.fetch_all(connection, _SQL["over"], {"tenant": tenant, "limit": limit})
