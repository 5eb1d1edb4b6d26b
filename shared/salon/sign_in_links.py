"""Links that sign a user in to the salon owner's pages: once, within a quarter of an hour. Kept by their hash."""

import hashlib
import secrets

from shared.database import sql
from shared.database.pool import Connection

MINUTES = 15

_SQL = sql.load(__file__)


async def create(connection: Connection, user_id: int) -> str:
    """A new link's token; those that the user got before end."""
    token, token_hash = new_token()
    await connection.execute(_SQL["end_former"], {"user_id": user_id})
    await connection.execute(_SQL["create"], {"user_id": user_id, "token_hash": token_hash, "minutes": MINUTES})
    return token


def new_token() -> tuple[str, bytes]:
    """A secret of 256 bits, and how it is kept."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> bytes:
    """How a token is kept: it has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def address(pages_url: str, token: str) -> str:
    """What its person opens in a browser."""
    return f"{pages_url}/enter/{token}"


def telegram_address(username: str | None, token: str) -> str:
    """What its person opens in Telegram, to be known to the bot from then on; empty where the bot has no username."""
    return f"https://t.me/{username}?start={token}" if username else ""
