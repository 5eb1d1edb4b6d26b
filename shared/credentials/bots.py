"""Bots and their tokens."""

from dataclasses import dataclass

from shared import logs
from shared.credentials import secrets
from shared.credentials.account import Account, token_associated_data
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import ConfigError

__all__ = ["Bot", "mark_auth_failed", "token_associated_data", "with_due_messages"]
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Bot:
    """A bot that may send."""

    id: int
    name: str
    account: Account
    rate: float  # messages a second
    burst: int


async def with_due_messages(connection: Connection, secrets_key: str, only: int | None = None) -> list[Bot]:
    """The active bots that have something due, with their tokens; at most the bot `only`.

    A bot whose token SECRETS_KEY does not open is left out, loudly: it must not stop the others.
    """
    bots = []
    for row in await sql.fetch_all(connection, _SQL["with_due_messages"], {"only": only}):
        try:
            token = secrets.unseal(secrets_key, row["token_sealed"], token_associated_data(row["name"]))
        except ConfigError as error:
            logs.error("token_not_opened", cause=error, bot=row["name"], next_step="carillon doctor")
        else:
            account = Account(row["channel"], token, row["address"])
            bots.append(Bot(row["id"], row["name"], account, row["rate_per_second"], row["burst"]))
    return bots


async def mark_auth_failed(connection: Connection, bot_id: int) -> None:
    """Park a bot whose token Telegram no longer accepts."""
    await connection.execute(_SQL["mark_auth_failed"], {"bot": bot_id})
