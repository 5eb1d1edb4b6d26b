"""dashboard.bookings as a run claims, settles and reschedules them; each call is one short transaction.

The column `look_at` is when a booking is checked next; a claim sets it to the end of the lease.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from functions.verify_bookings import rules
from shared import logs
from shared.clients.yclients import Branch, Record, is_number
from shared.credentials import secrets
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import ConfigError
from shared.salon.tenant_secrets import YCLIENTS_TOKEN, associated_data

LEASE_SECONDS = 600.0  # longer than any run
BATCH_SESSIONS = 5_000  # that become bookings in one transaction
WRITTEN_LATE = timedelta(days=2)  # how long after its time a session may appear

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Salon:
    """A tenant with due bookings; without a branch YClients cannot be asked."""

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
    due_at: datetime
    now: datetime


async def enqueue_new(database: Database, ends_at: float, batch_rows: int = BATCH_SESSIONS) -> int:
    """Make rows of new sessions with a booking, at least a batch, until the monotonic time `ends_at`; how many.

    What was not reached comes with the next run, which goes on from there.
    """
    async with database.connection() as connection:
        after = await sql.fetch_one(connection, _SQL["position"], {"late": WRITTEN_LATE})
    written: int = 0
    while True:
        async with database.connection() as connection:
            batch = await sql.fetch_one(connection, _SQL["enqueue_new"], {**after, "batch": batch_rows})
        written += int(batch["written"])
        if batch["sessions"] < batch_rows or time.monotonic() >= ends_at:
            return written
        after = {"at": batch["at"], "id": batch["id"]}


async def salons(database: Database, secrets_key: str) -> list[Salon]:
    """Salons with due bookings, those that have waited longest first; `secrets_key` opens their tokens.

    One whose token it does not open is left out, loudly: it must not stop the others.
    """
    async with database.connection() as connection:
        rows = await sql.fetch_all(connection, _SQL["salons"], {"token": YCLIENTS_TOKEN})
    found = []
    for row in rows:
        try:
            token = _token(secrets_key, row)
        except ConfigError as error:
            logs.error("token_not_opened", cause=error, tenant=str(row["tenant_id"]), next_step="carillon doctor")
        else:
            found.append(Salon(row["tenant_id"], _branch(row["company_id"] or "", token)))
    return found


async def remaining(connection: Connection) -> int:
    """How many bookings are due, of salons that YClients can be asked for."""
    return int(await sql.fetch_value(connection, _SQL["remaining"], {"token": YCLIENTS_TOKEN}))


async def claim(database: Database, tenant_id: UUID, limit: int) -> list[Booking]:
    """Up to `limit` due bookings of a tenant, leased to this run."""
    values = {"tenant": tenant_id, "limit": limit, "lease_seconds": LEASE_SECONDS}
    async with database.connection() as connection:
        rows = await sql.fetch_all(connection, _SQL["claim"], values)
    return [Booking(**row) for row in sorted(rows, key=lambda row: int(row["id"]))]


async def settle(database: Database, answers: Sequence[tuple[Booking, Record | None]]) -> Mapping[str, int]:
    """Write good answers, None meaning that nothing changed; how many were `verified` and `changed`."""
    rows = json.dumps([_settled(booking, record) for booking, record in answers])
    async with database.connection() as connection:
        return await sql.fetch_one(connection, _SQL["settle"], {"rows": rows})


async def mark_failed(database: Database, bookings: Sequence[Booking], error: str) -> None:
    """Reschedule bookings whose lookup failed with `error`; after too many failures for never."""
    rows = []
    for booking in bookings:
        attempts = 1 + (booking.attempts if booking.last_error != "not_found" else 0)
        rows.append(_reschedule(booking, attempts, error, rules.after_failure(booking.now, attempts)))
    await _write_rescheduled(database, rows)


async def mark_missing(database: Database, bookings: Sequence[Booking]) -> None:
    """Reschedule bookings that YClients does not have: by days, and then never."""
    rows = []
    for booking in bookings:
        attempts = 1 + (booking.attempts if booking.last_error == "not_found" else 0)
        rows.append(_reschedule(booking, attempts, "not_found", rules.after_missing(booking.now, attempts)))
    await _write_rescheduled(database, rows)


async def forget(database: Database, bookings: Sequence[Booking]) -> None:
    """Never look these up: their ids are no numbers of records."""
    rows = [_reschedule(booking, booking.attempts, "not_a_record", None) for booking in bookings]
    await _write_rescheduled(database, rows)


async def release(database: Database, bookings: Sequence[Booking]) -> None:
    """End the leases: the bookings are due since when they were."""
    rows = [_reschedule(booking, booking.attempts, booking.last_error, booking.due_at) for booking in bookings]
    await _write_rescheduled(database, rows)


async def mark_auth_failed(database: Database, tenant_id: UUID) -> None:
    """Put off all bookings of a tenant whose token was refused, also those that another run has leased."""
    values = {"tenant": tenant_id, "seconds": rules.AUTH_FAILED_RECHECK / timedelta(seconds=1)}
    async with database.connection() as connection:
        await connection.execute(_SQL["mark_auth_failed"], values)


def _token(secrets_key: str, row: Mapping[str, Any]) -> str:
    """Raises ConfigError."""
    if row["sealed_token"] is None:
        return row["open_token"] or ""
    return secrets.unseal(secrets_key, row["sealed_token"], associated_data(row["tenant_id"], YCLIENTS_TOKEN))


def _branch(company_id: str, user_token: str) -> Branch | None:
    return Branch(company_id, user_token) if is_number(company_id) and user_token else None


def _settled(booking: Booking, record: Record | None) -> dict[str, Any]:
    status = rules.status(record) if record else booking.status
    starts_at = (record and record.starts_at) or booking.start_at
    is_news = status != booking.status or booking.verified_at is None
    next_check_at = rules.next_check(booking.now, status, starts_at or booking.created_at, is_news=is_news)
    return {
        "id": booking.id,
        "lease": booking.lease.isoformat(),
        "status": status,
        "start_at": starts_at.isoformat() if starts_at else None,
        "attendance": record.attendance if record else None,
        "details": record.details if record else None,
        "look_at": next_check_at.isoformat() if next_check_at else None,
    }


def _reschedule(booking: Booking, attempts: int, error: str | None, next_check_at: datetime | None) -> dict[str, Any]:
    return {
        "id": booking.id,
        "lease": booking.lease.isoformat(),
        "attempts": attempts,
        "last_error": error,
        "look_at": next_check_at.isoformat() if next_check_at else None,
    }


async def _write_rescheduled(database: Database, rows: list[dict[str, Any]]) -> None:
    if rows:
        async with database.connection() as connection:
            await connection.execute(_SQL["reschedule"], {"rows": json.dumps(rows)})
