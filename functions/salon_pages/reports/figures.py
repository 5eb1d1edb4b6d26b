"""The salon's figures, day by day and in sum: the digest's, and those that a visit and a booking's money add."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from functions.salon_pages.reports.period import Comparison, Period
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)
_MAX_RESPONSE_MS = 2**31 - 1  # as much as the digest's column holds


@dataclass(frozen=True)
class Figures:
    """What happened on a day, or on many."""

    dialogs: int = 0
    bookings: int = 0
    answers: int = 0  # messages of customers that the bot answered
    waited_ms: Decimal = Decimal()  # all of them together
    no_shows: int = 0  # visits of these days to which nobody came
    money: Mapping[str, Decimal] = field(default_factory=dict)  # of the bookings, by currency; the staff see none

    @property
    def conversion(self) -> Decimal | None:
        """Bookings of a hundred dialogs, with two decimals; None without dialogs."""
        return _rounded(Decimal(100 * self.bookings) / self.dialogs, "0.01") if self.dialogs else None

    @property
    def response_ms(self) -> int | None:
        """How long a customer waits for an answer on average; None where nothing was answered."""
        return min(int(_rounded(self.waited_ms / self.answers, "1")), _MAX_RESPONSE_MS) if self.answers else None


@dataclass(frozen=True)
class Report:
    """A period day by day, its sum, and that of the period before."""

    days: Sequence[tuple[date, Figures]]
    total: Figures
    previous: Figures


async def load(connection: Connection, comparison: Comparison) -> Report:
    """The figures of both periods."""
    both = comparison.both
    if not both.days:
        return Report([], Figures(), Figures())
    rows = await sql.fetch_all(connection, _SQL["daily"], both.parameters)
    found = {row["day_number"]: _figures(row) for row in rows}
    figures = [(day.day, found.get(number, Figures())) for number, day in enumerate(both.days, 1)]
    past = len(comparison.previous.days)
    return Report(figures[past:], total(figures[past:]), total(figures[:past]))


def total(days: Iterable[tuple[date, Figures]]) -> Figures:
    """The sum of days."""
    figures = [each for _, each in days]
    money: Counter[str] = Counter()
    for each in figures:
        for currency, amount in each.money.items():
            money[currency] += amount  # type: ignore[assignment]
    return Figures(
        dialogs=sum(each.dialogs for each in figures),
        bookings=sum(each.bookings for each in figures),
        answers=sum(each.answers for each in figures),
        waited_ms=sum((each.waited_ms for each in figures), Decimal()),
        no_shows=sum(each.no_shows for each in figures),
        money=dict(money),  # type: ignore[arg-type]
    )


async def count_waiting(connection: Connection, period: Period) -> tuple[int, int]:
    """How many are on the waiting list now, and how many of them came in the period."""
    if not period.days:
        return 0, 0
    parameters = {
        "tenant": period.clock.tenant_id,
        "since": period.days[0].begins,
        "until": period.days[-1].ends,
    }
    row = await sql.fetch_one(connection, _SQL["waiting"], parameters)
    return row["waiting"], row["new"]


async def open_alerts(connection: Connection, tenant: UUID) -> list[str]:
    """The kinds of the salon's open alerts, the oldest first."""
    return [row["kind"] for row in await sql.fetch_all(connection, _SQL["open_alerts"], {"tenant": tenant})]


def _figures(row: Mapping[str, Any]) -> Figures:
    return Figures(
        dialogs=row["dialogs"],
        bookings=row["bookings"],
        answers=row["answers"],
        waited_ms=row["waited_ms"],
        no_shows=row["no_shows"],
        money={currency: Decimal(amount) for currency, amount in row["money"].items()},
    )


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)
