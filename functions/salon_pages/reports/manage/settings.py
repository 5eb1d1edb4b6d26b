"""Settings of a salon."""

from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection, Row

_SQL = sql.load(__file__)


async def read(connection: Connection, tenant: UUID) -> Row | None:
    """The settings; None: it has the defaults."""
    return await sql.fetch_optional(connection, _SQL["read"], {"tenant": tenant})
