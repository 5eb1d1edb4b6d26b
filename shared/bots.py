"""Bots and their tokens."""

from dataclasses import dataclass, field

from shared import secrets, sql
from shared.db import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Bot:
    """A bot that may send."""

    id: int
    name: str
    system: str
    token: str = field(repr=False)


def token_place(name: str) -> str:
    """What a bot's sealed token is bound to."""
    return f"platform.bots.token_sealed/{name}"


async def with_work(connection: Connection, secrets_key: str) -> list[Bot]:
    """The active bots that have something due, with their tokens.

    Raises ConfigError when SECRETS_KEY does not open one.
    """
    rows = await (await connection.execute(_SQL["with_work"])).fetchall()
    return [
        Bot(row["id"], row["name"], row["system"], secrets.unseal(secrets_key, row["token_sealed"], place))
        for row in rows
        for place in [token_place(row["name"])]
    ]


async def refuse(connection: Connection, bot_id: int) -> None:
    """Park a bot whose token Telegram no longer accepts."""
    await connection.execute(_SQL["refuse"], {"bot": bot_id})
