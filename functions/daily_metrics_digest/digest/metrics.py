"""dashboard.metrics_dailies: what happened on each of a salon's local days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection

RECOMPUTE_DAYS = 3  # days that late sessions may change

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Salon:
    """A tenant, its time zone, and the local day that its digest is about."""

    tenant_id: UUID
    timezone: str
    day: date
    unknown_zone: str | None = None  # what its settings have instead of a time zone


async def compute(
    connection: Connection, salons: Sequence[Salon], now: datetime, recompute_days: int = RECOMPUTE_DAYS
) -> list[Salon]:  # fmt: skip
    """Write the days of `salons` and keep their rows locked; returns the salons whose digest is not enqueued yet."""
    parameters = {**columns(salons), "now": now, "recompute_days": recompute_days}
    rows = await sql.fetch_all(connection, _SQL["compute"], parameters)
    pending = {(row["tenant_id"], row["day"]) for row in rows if not row["has_digest"]}
    return [salon for salon in salons if (salon.tenant_id, salon.day) in pending]


def columns(salons: Sequence[Salon]) -> dict[str, list[Any]]:
    """The salons as arrays of equal length, for unnest()."""
    return {
        "tenants": [salon.tenant_id for salon in salons],
        "timezones": [salon.timezone for salon in salons],
        "days": [salon.day for salon in salons],
    }
