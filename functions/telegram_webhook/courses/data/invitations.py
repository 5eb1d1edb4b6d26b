"""Links by which a person of the school says who they are."""

import secrets as entropy
from datetime import timedelta

from functions.telegram_webhook.courses.data.people import Person
from shared.credentials import secrets
from shared.database import sql
from shared.database.pool import Connection

DAYS = 7
TOKEN_BYTES = 12  # 96 random bits, 16 characters

_SQL = sql.load(__file__)


async def create(connection: Connection, user_id: int, created_by: int) -> str:
    """A new invitation's token; those that the person got before end."""
    token = entropy.token_urlsafe(TOKEN_BYTES)
    parameters = {
        "user_id": user_id,
        "created_by": created_by,
        "token_hash": secrets.hash_secret(token),
        "lifetime": timedelta(days=DAYS),
    }
    await connection.execute(_SQL["end"], parameters)
    await connection.execute(_SQL["create"], parameters)
    return token


async def link(connection: Connection, person: Person, token: str) -> str:
    """The address that opens the bot with the token; empty where nobody knows the bot's username."""
    row = await sql.fetch_optional(connection, _SQL["bot"], {"bot_id": person.bot_id})
    return f"https://t.me/{row['username']}?start={token}" if row and row["username"] else ""
