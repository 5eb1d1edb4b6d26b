"""Users by their e-mail and password, and resets of a password that nobody remembers."""

import json

from shared.database import sql
from shared.database.pool import Connection, Row
from shared.salon.sign_in_links import hash_of, new_token

RESET_HOURS = 1

_SQL = sql.load(__file__)


async def find(connection: Connection, email: str) -> Row | None:
    """The active user with this e-mail: `id`, `tenant_id`, `encrypted_password`."""
    return await sql.fetch_optional(connection, _SQL["find"], {"email": email.lower()})


async def become(connection: Connection, user_id: int) -> None:
    """Let this transaction change what is this user's own, who has proved who they are."""
    await connection.execute(_SQL["become"], {"claims": json.dumps({"app_metadata": {"user_id": str(user_id)}})})


async def set_password(connection: Connection, user_id: int, password_hash: str) -> None:
    """Keep another hash; a reset that was asked for is over. After `become`, or as whoever is signed in."""
    await connection.execute(_SQL["set_password"], {"id": user_id, "hash": password_hash})


async def ask_reset(connection: Connection, user_id: int) -> str:
    """A token to set a new password with; the one before is over. After `become`."""
    token, token_hash = new_token()
    await connection.execute(_SQL["ask_reset"], {"id": user_id, "token": token_hash.hex()})
    return token


async def of_reset(connection: Connection, token: str) -> Row | None:
    """Whose password the token sets: `id`, `tenant_id`, `email`; None when it is over, was used or never was."""
    return await sql.fetch_optional(connection, _SQL["of_reset"], {"token": hash_of(token).hex(), "hours": RESET_HOURS})


async def reset(connection: Connection, user_id: int, token: str, password_hash: str) -> bool:
    """Set the password and use the token up; False: somebody was faster. After `become`."""
    values = {"id": user_id, "token": hash_of(token).hex(), "hash": password_hash}
    return (await connection.execute(_SQL["reset"], values)).rowcount == 1


async def chat_of(connection: Connection, user_id: int) -> Row | None:
    """Where the user is reached in Telegram: `bot_id`, `chat_id`, `language`; None: nowhere. After `become`."""
    return await sql.fetch_optional(connection, _SQL["chat_of"], {"id": user_id})


async def own(connection: Connection, user_id: int) -> Row:
    """What somebody signs in with: `email`, empty if there is none, and `encrypted_password`."""
    return await sql.fetch_one(connection, _SQL["own"], {"id": user_id})


async def set_language(connection: Connection, user_id: int, language: str) -> None:
    """Keep the language of somebody's pages."""
    await connection.execute(_SQL["set_language"], {"id": user_id, "language": language})


async def of_telegram(connection: Connection, telegram_id: int) -> list[Row]:
    """Who signs in with this account of Telegram, in each of their salons: what a Viewer has."""
    return await sql.fetch_all(connection, _SQL["of_telegram"], {"telegram_id": telegram_id})
