"""The account whose token fetches a file."""

from shared.channels.media_links import Reference
from shared.credentials import secrets
from shared.credentials.account import Account, token_associated_data
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def find(connection: Connection, secrets_key: str, reference: Reference) -> Account | None:
    """The account of the reference's bot, or None. Raises ConfigError when SECRETS_KEY does not open its token."""
    parameters = {"bot": reference.bot_id, "channel": reference.channel}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    if row is None:
        return None
    token = secrets.unseal(secrets_key, row["token_sealed"], token_associated_data(row["name"]))
    return Account(row["channel"], token, row["address"])
