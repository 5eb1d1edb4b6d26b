"""Salons, as they are named in addresses."""

from shared.database import sql
from shared.database.pool import Connection, Row

_SQL = sql.load(__file__)


async def find(connection: Connection, slug: str) -> Row | None:
    """The salon with this slug or id, if the viewer sees it: `id`, `slug`, `name`, `timezone`."""
    return await sql.fetch_optional(connection, _SQL["find"], {"slug": slug})


async def list_all(connection: Connection) -> list[Row]:
    """All salons that the viewer sees, by name."""
    return await sql.fetch_all(connection, _SQL["list_all"])
