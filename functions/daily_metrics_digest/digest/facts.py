"""What a digest is made of: yesterday, the days before, and what needs the owner's attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from functions.daily_metrics_digest.digest.metrics import Salon, columns
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Day:
    """A row of metrics_dailies."""

    day: date
    dialogs: int
    bookings: int
    conversion: float
    response_ms: int
    revised: bool = False  # late sessions have just changed what an earlier digest showed


@dataclass(frozen=True)
class Service:
    """A service: how often it was booked, and its share of the money, if that has one currency."""

    name: str
    bookings: int
    revenue: float | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Facts:
    """Everything in one salon's digest; instants are local and naive."""

    tenant_id: UUID
    name: str
    language: Language
    bot_id: int | None
    chat_id: int | None
    day: date
    now: datetime
    days: list[Day]  # up to 14, the last one is `day`
    lost: dict[str, int]  # sessions by the stage at which they were lost
    top: list[Service]
    waiting: int
    cancelled: int  # what YClients says of the day's bookings
    no_show: int
    unconfirmed: int
    alerts: list[str]
    bot_wrote_at: datetime | None
    is_stale: bool
    bot: str | None = None
    alert_chat_id: int | None = None  # of those who look after the bot


async def load_facts(connection: Connection, salons: Sequence[Salon], now: datetime) -> list[Facts]:
    """Facts for the digests of `salons`, whose metrics are computed."""
    rows = await sql.fetch_all(connection, _SQL["load"], {**columns(salons), "now": now})
    return [_facts(row) for row in rows]


def _facts(row: dict[str, Any]) -> Facts:
    days = [Day(**{**day, "day": date.fromisoformat(day["day"])}) for day in row.pop("days")]
    top = [Service(**service) for service in row.pop("top")]
    row.pop("timezone")
    return Facts(**row, days=days, top=top)
