"""Tokens of the day (UTC), of clients and of public clients' devices: reserved before a call, settled after it.

So many calls at once stay inside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from shared.credentials.api_clients import ApiClient
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http import responses
from shared.learning import limits

TOKENS_PER_MESSAGE = 4  # its role, and where it begins and ends
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Reservation:
    """Tokens that a call may use up. A client without a budget needs none, and has no day."""

    client_id: int
    user_id: UUID | None  # whose device counts, too
    day: date | None
    tokens: int


def estimate(messages: Iterable[Mapping[str, str]]) -> int:
    """Tokens that a text may cost, before the model has counted them: a generous guess.

    One for each four bytes: English has about as many, Russian half of it.
    """
    return sum(len(message["content"].encode()) // 4 + TOKENS_PER_MESSAGE for message in messages)


async def reserve(connection: Connection, client: ApiClient, user_id: UUID | None, tokens: int) -> Reservation:
    """Take `tokens` from the day's budgets: the client's, and that of a public client's device, which is `user_id`'s.

    Raises HttpProblem 429 when so many are not left. Like `settle` a transaction of its own: all calls of a client
    change one row.
    """
    counted = user_id if client.is_public else None
    if client.daily_tokens is None and counted is None:
        return Reservation(client.id, None, None, 0)
    values = {
        "client": client.id,
        "user": counted,
        "tokens": tokens,
        "budget": client.daily_tokens,
        "device_budget": limits.device_tokens(client.daily_tokens),
        "new_budget": limits.new_devices_tokens(client.daily_tokens),
    }
    row = await sql.fetch_one(connection, _SQL["reserve"], values)
    if row["day"] is None:
        raise _used_up("client" if row["is_client_out"] else "device", row["seconds_left"])
    return Reservation(client.id, counted, row["day"], tokens)


def _used_up(whose: Literal["client", "device"], seconds_left: int) -> HttpProblem:
    detail = f"Fewer of this {whose}'s tokens are left today than a reply may take. They come anew at midnight, UTC."
    reason = "daily_budget" if whose == "client" else "device_budget"
    return HttpProblem(429, "Budget Used Up", detail, reason=reason, headers=responses.retry_after(seconds_left))


async def settle(connection: Connection, reserved: Reservation, used: int) -> None:
    """Count a call, and what it has `used` instead of what was taken for it."""
    values = {
        "client": reserved.client_id,
        "user": reserved.user_id,
        "day": reserved.day,
        "difference": used - reserved.tokens,
    }
    await connection.execute(_SQL["settle"], values)
