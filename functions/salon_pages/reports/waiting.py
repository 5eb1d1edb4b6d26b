"""The waiting list: what the bot has put on it, and what the salon has done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from functions.salon_pages.reports.period import Clock
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Wish:
    """Who waits for what; instants are local and naive. `done_at` is None while nobody has marked it as done."""

    id: int
    created_at: datetime
    client: str
    phone: str
    item: str
    staff: str
    preferred: str
    comment: str
    done_at: datetime | None = None
    done_by: str = ""


async def pending(connection: Connection, clock: Clock, limit: int) -> tuple[Sequence[Wish], int]:
    """Those who have waited longest, at most `limit`, and how many wait in all."""
    rows = await sql.fetch_all(connection, _SQL["pending"], _parameters(clock, limit))
    return [_wish(row) for row in rows], rows[0]["found"] if rows else 0


async def done(connection: Connection, clock: Clock, limit: int) -> Sequence[Wish]:
    """What the salon has marked as done, the latest first, at most `limit`."""
    return [_wish(row) for row in await sql.fetch_all(connection, _SQL["done"], _parameters(clock, limit))]


async def is_pending(connection: Connection, tenant: UUID, wish: int) -> bool:
    """Whether the salon has this wish on its bot's list."""
    return bool(await sql.fetch_value(connection, _SQL["is_pending"], {"tenant": tenant, "wish": wish}))


def _parameters(clock: Clock, limit: int) -> dict[str, Any]:
    return {"tenant": clock.tenant_id, "timezone": clock.timezone, "limit": limit}


def _wish(row: dict[str, Any]) -> Wish:
    return Wish(**{name: row[name] for name in Wish.__dataclass_fields__ if name in row})
