"""Using links that sign somebody in (shared.salon.sign_in_links).

Their page shows a button: whoever opens a link before the person does (a messenger that makes a preview, a scanner of
mails) does not use it up.
"""

from shared.database import sql
from shared.database.pool import Connection, Database, Row
from shared.salon.sign_in_links import hash_of

_SQL = sql.load(__file__)


async def is_usable(database: Database, token: str) -> bool:
    """Whether the link's button would sign somebody in."""
    async with database.connection() as connection:
        return bool(await sql.fetch_value(connection, _SQL["is_usable"], {"token_hash": hash_of(token)}))


async def use(connection: Connection, token: str) -> Row | None:
    """Use the link up: its user's `id` and `tenant_id`; None when it was used, is over or never was."""
    return await sql.fetch_optional(connection, _SQL["use"], {"token_hash": hash_of(token)})
