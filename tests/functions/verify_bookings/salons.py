"""Salons with sessions and bookings, and YClients beside them."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.sandbox.yclients.state import YClients
from tests.conftest import rows
from tests.helpers import canaries
from tests.helpers.desk import insert

Tick = Callable[..., Coroutine[Any, Any, dict[str, int]]]

TOKEN = canaries.SOURCE_SECRET
PARTNER = canaries.CRON_SECRET
COMPANY = 45640


@dataclass
class Salon:
    """A tenant, its client, and its side of YClients."""

    connection: psycopg.Connection[DictRow]
    yclients: YClients
    id: UUID
    client: UUID
    company: int = COMPANY

    def session(self, booking_id: str | None, **columns: Any) -> None:
        """An archived session of the bot."""
        values = {
            "session_id": self.client, "tenant_id": self.id, "user_id": self.client, "channel": "whatsapp",
            "started_at": "now", "final_status": "done", "booking_id": booking_id, **columns,
        }  # fmt: skip
        if isinstance(values.get("meta"), dict):
            values["meta"] = Jsonb(values["meta"])
        insert(self.connection, "public.conversation_sessions_v2", **values)

    def book(self, number: int | str, **columns: Any) -> None:
        """A booking that is due."""
        values = {"tenant_id": self.id, "external_id": str(number), "client_id": str(self.client), **columns}
        insert(self.connection, "dashboard.bookings", **values)

    def record(self, number: int, **fields: Any) -> None:
        """A record at YClients."""
        fields.setdefault("client", canaries.CLIENT)
        fields.setdefault("phone", f"+{canaries.CLIENT_PHONES}0001")
        self.yclients.put(self.company, number, **fields)

    def both(self, number: int, **fields: Any) -> None:
        """A booking that is due, and its record."""
        self.book(number)
        self.record(number, **fields)

    def booking(self, number: int | str) -> DictRow:
        """The row, in how many hours it is looked at again, or None for never."""
        query = """select b.id, b.status, b.start_at, b.service_code, b.verified_at, b.verification_data, b.attempts,
                   b.yclients_attendance, b.last_error, isfinite(b.look_at) as ever, case when isfinite(b.look_at) then
                   round((extract(epoch from b.look_at - now()) / 3600)::numeric, 1)::float8 end as hours
                   from dashboard.bookings b where b.tenant_id = %s and b.external_id = %s"""
        [row] = rows(self.connection, query, self.id, str(number))
        found: DictRow = row
        return found

    def make_due(self) -> None:
        """Let all bookings be due, as if time had passed."""
        self.connection.execute("update dashboard.bookings set look_at = now() where tenant_id = %s", (self.id,))

    def asked(self) -> list[Any]:
        """What YClients was asked for in this salon: numbers of records, or pages."""
        return [
            row["asked"].get("record_id", f"page {row['asked'].get('page')}")
            for row in self.yclients.journal
            if row["company_id"] == self.company
        ]


async def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Return as soon as it is so, or when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_so():  # noqa: ASYNC110 - it is so in another process
        await asyncio.sleep(0.02)


def open_salon(
    connection: psycopg.Connection[DictRow], yclients: YClients, company: int = COMPANY, **metadata: Any
) -> Salon:
    """A salon that YClients knows, unless `metadata` says otherwise."""
    known = {"yclients_company_id": company, "yclients_token": TOKEN, **metadata}
    tenant = insert(connection, "public.tenants_v2", name=f"Салон {company}", metadata=Jsonb(known))
    client = insert(connection, "public.clients_v2", tenant_id=tenant)
    return Salon(connection, yclients, tenant, client, company)
