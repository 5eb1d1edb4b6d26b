"""What was booked, and for how much: each service with its share of the money, and with all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from functions.salon_pages.reports.period import Period
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Service:
    """A service; None as a name: bookings that name none. Money is None for the staff, and where it is mixed."""

    name: str | None
    bookings: int
    revenue: Decimal | None  # its share of each booking's amount
    documented: Decimal | None  # the whole amount of each booking
    currency: str | None


async def load(connection: Connection, period: Period) -> Sequence[Service]:
    """The services of a period, most booked first; bookings without one are last."""
    if not period.days:
        return []
    return [Service(**row) for row in await sql.fetch_all(connection, _SQL["services"], period.parameters)]
