"""Where dialogs are lost: how they ended, at which step they were lost, and what became of the bookings."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.salon_pages.reports.period import Period
from shared.database import sql
from shared.database.pool import Connection

UNKNOWN_STEP = "unknown"

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Funnel:
    """Counts of dialogs. Each mapping adds up: the endings and `dialogs`, the steps and those not done."""

    dialogs: int
    endings: Mapping[str, int]  # done, escalated, lost, other
    steps: Mapping[str, int]  # of dialogs that are not done; UNKNOWN_STEP where the bot did not say
    bookings: Mapping[str, int]  # by what YClients says: a status, or unconfirmed, or unchecked


async def load(connection: Connection, period: Period) -> Funnel:
    """The funnel of a period."""
    if not period.days:
        return Funnel(0, {}, {}, {})
    row = await sql.fetch_one(connection, _SQL["funnel"], period.parameters)
    return Funnel(row["dialogs"], row["endings"], row["steps"], row["bookings"])
