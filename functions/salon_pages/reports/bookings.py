"""Visits as YClients knows them, disagreements with the bot first, and what became of them month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from functions.salon_pages.reports.period import Clock, Period
from shared.database import sql
from shared.database.pool import Connection

DISAGREEMENTS = ("cancelled", "no_show", "unconfirmed")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Booking:
    """A visit; instants are local and naive. `verdict`: a status of YClients, unconfirmed or unchecked."""

    external_id: str
    start_at: datetime | None
    client: str
    service: str
    verdict: str
    verified_at: datetime | None


@dataclass(frozen=True)
class Month:
    """Visits of a month: how many there were, and what became of them."""

    month: date
    visits: int
    completed: int
    cancelled: int
    no_shows: int
    unconfirmed: int
    open: int


async def find(
    connection: Connection, period: Period, verdict: str | None, limit: int, offset: int = 0
) -> tuple[Sequence[Booking], int]:
    """Up to `limit` visits of a period after `offset` others, disagreements first; and how many there are in all."""
    if not period.days:
        return [], 0
    parameters = period.parameters | {
        "timezone": period.clock.timezone, "verdict": verdict, "limit": limit, "offset": offset,
    }  # fmt: skip
    rows = await sql.fetch_all(connection, _SQL["find"], parameters)
    found = rows[0]["found"] if rows else 0
    return [Booking(**{name: row[name] for name in Booking.__dataclass_fields__}) for row in rows], found


async def months(connection: Connection, clock: Clock, since: date) -> Sequence[Month]:
    """The months from that of `since` to this one, the newest first; those without a visit are left out."""
    asked = {"timezone": clock.timezone, "since": since, "now": clock.instant}
    known = await sql.fetch_all(connection, _SQL["month_begins"], asked)
    begins = [month["begins"] for month in known]
    parameters = {"tenant": clock.tenant_id, "begins": begins, "now": clock.instant}
    rows = await sql.fetch_all(connection, _SQL["months"], parameters)
    return [Month(known[row.pop("month_number") - 1]["month"], **row) for row in rows]
