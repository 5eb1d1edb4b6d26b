"""Single dialogs: a list with filters, newest first, and one with its messages."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from functions.salon_pages.reports.period import Clock, Period
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Filters:
    """Which dialogs of a period; None: whatever it is."""

    ending: str | None = None  # as in the funnel
    step: str | None = None
    channel: str | None = None
    is_booked: bool | None = None
    service: str | None = None
    slow: bool = False  # those that the bot answered, where it took longest first


@dataclass(frozen=True)
class Dialog:
    """A line of the list; instants are local and naive. Money is None for the staff."""

    id: int
    started_at: datetime
    client: str
    channel: str
    status: str  # as the bot wrote it
    ending: str
    step: str | None
    booking_id: str | None
    services: Sequence[str]
    amount: Decimal | None
    currency: str | None
    messages: int | None
    summary: str
    response_ms: int | None  # known in a list of the slow ones alone


@dataclass(frozen=True)
class Message:
    """What was written in a dialog, at the salon's time."""

    role: str
    at: datetime
    text: str


async def find(
    connection: Connection, period: Period, filters: Filters, limit: int, offset: int = 0
) -> tuple[Sequence[Dialog], int]:
    """Up to `limit` dialogs of a period after `offset` newer ones, and how many there are in all."""
    if not period.days:
        return [], 0
    parameters = period.parameters | asdict(filters) | {
        "timezone": period.clock.timezone, "limit": limit, "offset": offset,
    }  # fmt: skip
    rows = await sql.fetch_all(connection, _SQL["find"], parameters)
    return [_dialog(row) for row in rows], rows[0]["found"] if rows else 0


async def load(connection: Connection, clock: Clock, dialog_id: int) -> Dialog | None:
    """One dialog of the salon; None: it has no such one."""
    parameters = {"tenant": clock.tenant_id, "timezone": clock.timezone, "id": dialog_id}
    row = await sql.fetch_optional(connection, _SQL["load"], parameters)
    return _dialog(row) if row else None


async def messages(connection: Connection, clock: Clock, dialog_id: int, limit: int) -> Sequence[Message]:
    """The first `limit` messages of a dialog, in order."""
    parameters = {"tenant": clock.tenant_id, "timezone": clock.timezone, "id": dialog_id, "limit": limit}
    return [Message(**row) for row in await sql.fetch_all(connection, _SQL["messages"], parameters)]


def _dialog(row: dict[str, Any]) -> Dialog:
    return Dialog(**{name: row[name] for name in Dialog.__dataclass_fields__})
