"""A client's tokens of the day (UTC): reserved before a call, settled after it, so that many at once stay inside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.credentials.api_clients import ApiClient
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http import responses

TOKENS_PER_MESSAGE = 4  # its role, and where it begins and ends
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Reservation:
    """Tokens that a call may use up. A client without a budget needs none, and has no day."""

    client_id: int
    day: date | None
    tokens: int


def estimate(messages: Iterable[Mapping[str, str]]) -> int:
    """Tokens that a text may cost, before the model has counted them: a generous guess.

    One for each four bytes: English has about as many, Russian half of it.
    """
    return sum(len(message["content"].encode()) // 4 + TOKENS_PER_MESSAGE for message in messages)


async def reserve(connection: Connection, client: ApiClient, tokens: int) -> Reservation:
    """Take `tokens` from the day's budget. Raises HttpProblem 429 when so many are not left.

    Like `settle` a transaction of its own: all calls of a client change one row.
    """
    if client.daily_tokens is None:
        return Reservation(client.id, None, 0)
    values = {"client": client.id, "tokens": tokens, "budget": client.daily_tokens}
    row = await sql.fetch_one(connection, _SQL["reserve"], values)
    if row["day"] is None:
        detail = "Fewer of this client's tokens are left today than a reply may take. They come anew at midnight, UTC."
        headers = responses.retry_after(row["seconds_left"])
        raise HttpProblem(429, "Budget Used Up", detail, reason="daily_budget", headers=headers)
    return Reservation(client.id, row["day"], tokens)


async def settle(connection: Connection, reserved: Reservation, used: int) -> None:
    """Count a call, and what it has `used` instead of what was taken for it."""
    values = {"client": reserved.client_id, "day": reserved.day, "difference": used - reserved.tokens}
    await connection.execute(_SQL["settle"], values)
