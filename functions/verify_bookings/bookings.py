"""Bookings as the run takes, settles and puts them off; each call is one short transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from functions.verify_bookings import rules
from shared.clients.yclients import Branch, Record, is_number
from shared.database import sql
from shared.database.pool import Connection, Database

LEASE_SECONDS = 600.0  # longer than any run

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Salon:
    """A tenant with bookings to look at; without a branch YClients cannot be asked."""

    tenant_id: UUID
    branch: Branch | None


@dataclass(frozen=True)
class Booking:
    """A booking that is this run's until somebody changes its lease."""

    id: int
    external_id: str
    status: str
    start_at: datetime | None
    verified_at: datetime | None
    created_at: datetime
    attempts: int
    last_error: str | None
    lease: datetime
    now: datetime


async def enqueue_new(database: Database) -> int:
    """Make rows of new sessions with a booking; how many."""
    async with database.connection() as connection:
        return (await connection.execute(_SQL["take_in"])).rowcount


async def salons(database: Database) -> list[Salon]:
    """Who has bookings to look at."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_SQL["salons"])).fetchall()
    return [Salon(row["tenant_id"], _branch(row["company_id"] or "", row["user_token"] or "")) for row in rows]


async def remaining(connection: Connection) -> int:
    """How many bookings could be looked at now."""
    row = await (await connection.execute(_SQL["remaining"])).fetchone()
    return int(row["remaining"]) if row else 0


async def claim(database: Database, tenant_id: UUID, most: int) -> list[Booking]:
    """Due bookings of a tenant, from now on this run's."""
    values = {"tenant": tenant_id, "most": most, "lease_seconds": LEASE_SECONDS}
    async with database.connection() as connection:
        rows = await (await connection.execute(_SQL["claim"], values)).fetchall()
    return [Booking(**row) for row in sorted(rows, key=lambda row: int(row["id"]))]


async def settle(database: Database, answers: Sequence[tuple[Booking, Record | None]]) -> Mapping[str, int]:
    """Write good answers down, None meaning that nothing changed; how many were `verified` and `changed`."""
    rows = json.dumps([_settled(booking, record) for booking, record in answers])
    async with database.connection() as connection:
        counts = await (await connection.execute(_SQL["settle"], {"rows": rows})).fetchone()
    assert counts is not None
    return counts


async def failed(database: Database, bookings: Sequence[Booking], error: str) -> None:
    """Ask for them again later, if `error` has not been going on for long."""
    rows = []
    for booking in bookings:
        attempts = 1 + (booking.attempts if booking.last_error != "not_found" else 0)
        rows.append(_reschedule(booking, attempts, error, rules.after_failure(booking.now, attempts)))
    await _write_rescheduled(database, rows)


async def missing(database: Database, bookings: Sequence[Booking]) -> None:
    """Ask for them again in days: YClients does not have them."""
    rows = []
    for booking in bookings:
        attempts = 1 + (booking.attempts if booking.last_error == "not_found" else 0)
        rows.append(_reschedule(booking, attempts, "not_found", rules.after_missing(booking.now, attempts)))
    await _write_rescheduled(database, rows)


async def forget(database: Database, bookings: Sequence[Booking]) -> None:
    """Never ask for them: their ids are no numbers of records."""
    await _write_rescheduled(database, [_reschedule(one, one.attempts, "not_a_record", None) for one in bookings])


async def release(database: Database, bookings: Sequence[Booking]) -> None:
    """Let the next run have them."""
    rows = [_reschedule(one, one.attempts, one.last_error, one.now) for one in bookings]
    await _write_rescheduled(database, rows)


async def mark_auth_failed(database: Database, tenant_id: UUID) -> None:
    """Let a tenant's bookings rest, whoever has them."""
    values = {"tenant": tenant_id, "seconds": rules.AUTH_FAILED_RECHECK / timedelta(seconds=1)}
    async with database.connection() as connection:
        await connection.execute(_SQL["refuse"], values)


def _branch(company_id: str, user_token: str) -> Branch | None:
    return Branch(company_id, user_token) if is_number(company_id) and user_token else None


def _settled(booking: Booking, record: Record | None) -> dict[str, Any]:
    status = rules.status(record) if record else booking.status
    starts_at = (record and record.starts_at) or booking.start_at
    is_news = status != booking.status or booking.verified_at is None
    look_at = rules.next_check(booking.now, status, starts_at or booking.created_at, is_news=is_news)
    return {
        "id": booking.id,
        "lease": booking.lease.isoformat(),
        "status": status,
        "start_at": starts_at.isoformat() if starts_at else None,
        "attendance": record.attendance if record else None,
        "details": record.details if record else None,
        "look_at": look_at.isoformat() if look_at else None,
    }


def _reschedule(booking: Booking, attempts: int, error: str | None, look_at: datetime | None) -> dict[str, Any]:
    return {
        "id": booking.id,
        "lease": booking.lease.isoformat(),
        "attempts": attempts,
        "last_error": error,
        "look_at": look_at.isoformat() if look_at else None,
    }


async def _write_rescheduled(database: Database, rows: list[dict[str, Any]]) -> None:
    if rows:
        async with database.connection() as connection:
            await connection.execute(_SQL["put_off"], {"rows": json.dumps(rows)})
