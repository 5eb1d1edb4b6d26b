"""Salons with sessions and bookings, and YClients beside them."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import DictRow

from infra.sandbox.yclients.state import YClients
from shared.credentials import secrets
from shared.salon.tenant_secrets import YCLIENTS_TOKEN, associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.worlds.salon import Salon, salon
from tests.helpers.worlds.support import insert

Tick = Callable[..., Coroutine[Any, Any, dict[str, int]]]

TOKEN = canaries.SOURCE_SECRET
PARTNER = canaries.CRON_SECRET
COMPANY = 45640
LONG_AGO = "2020-01-01T00:00:00Z"  # a record that changed then is in no list


@dataclass(frozen=True)
class BookedSalon(Salon):
    """A salon with bookings, and its side of YClients."""

    yclients: YClients
    company: int = COMPANY

    def booked(self, booking_id: str | None, **columns: Any) -> None:
        """An archived session that ended with a booking, or without."""
        self.session(booking_id=booking_id, **columns)

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

    def seal_token(self, token: str = TOKEN, key: str = arrange.SECRETS_KEY) -> None:
        """What `carillon salon connect` does, and then the bot's people: the token is nowhere in clear."""
        sealed = secrets.seal(key, token, associated_data(self.id, YCLIENTS_TOKEN))
        self.connection.execute(
            "insert into platform.tenant_secrets (tenant_id, name, sealed) values (%s, %s, %s)",
            (self.id, YCLIENTS_TOKEN, sealed),
        )
        self.connection.execute(
            "update public.tenants_v2 set metadata = metadata - %s where id = %s", (YCLIENTS_TOKEN, self.id)
        )

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


def open_salon(
    connection: psycopg.Connection[DictRow], yclients: YClients, company: int = COMPANY, **metadata: Any
) -> BookedSalon:
    """A salon that YClients knows, unless `metadata` says otherwise."""
    known = {"yclients_company_id": company, "yclients_token": TOKEN, **metadata}
    base = salon(connection, f"Салон {company}", timezone=None, metadata=known)
    return BookedSalon(**vars(base), yclients=yclients, company=company)
