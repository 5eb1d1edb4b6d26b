"""What was booked, and for how much."""

from collections.abc import Sequence
from decimal import Decimal

from starlette.responses import Response

from functions.salon_pages.display import asked, charts
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports import services
from functions.salon_pages.reports.period import Comparison
from functions.salon_pages.reports.services import Service
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import services as texts
from shared.database.pool import Connection

DAYS_BACK = 29


async def page(visit: SalonVisit) -> Response:
    """The page."""
    async with visit.reading() as connection:
        comparison, table = await _load(connection, visit)
    return parts.page(visit, "services", texts, comparison, table=table)


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """The table, for its file."""
    return (await _load(connection, visit))[1]


async def _load(connection: Connection, visit: SalonVisit) -> tuple[Comparison, Table]:
    comparison = await asked.load_days(connection, visit, DAYS_BACK)
    found = await services.load(connection, comparison.current)
    return comparison, _table(visit, comparison, found)


def _table(visit: SalonVisit, comparison: Comparison, found: Sequence[Service]) -> Table:
    most = max((each.bookings for each in found), default=0)
    with_money = visit.viewer.manages
    differ = with_money and any(each.documented != each.revenue for each in found)
    columns = [Column(texts.SERVICE), Column(texts.BOOKINGS, "count")]
    columns += [Column(texts.REVENUE, "money")] if with_money else []
    columns += [Column(texts.DOCUMENTED, "money")] if differ else []
    rows = []
    for each in found:
        values = [each.name or texts.NOT_NAMED.in_(visit.language), each.bookings]
        money = [each.revenue, *([each.documented] if differ else [])] if with_money else []
        rows.append(
            Row(
                [*values, *(_money(amount, each.currency) for amount in money)],
                visit.link("/sessions", **parts.span(comparison), booked="yes", service=each.name) if each.name else "",
                share=charts.percent(each.bookings, most),
            )
        )
    total = Row([None, None, _sum(found), *([None] if differ else [])]) if with_money else None
    return Table("services", texts.BOOKED, columns, rows, total, (texts.SHARED_NOTE,) if differ else ())


def _sum(found: Sequence[Service]) -> dict[str, Decimal]:
    """What all shares come to. Bookings do not add up: one of two services counts in both lines."""
    currencies = sorted({each.currency for each in found if each.currency and each.revenue is not None})
    return {
        currency: sum((each.revenue or Decimal() for each in found if each.currency == currency), Decimal())
        for currency in currencies
    }


def _money(amount: Decimal | None, currency: str | None) -> dict[str, Decimal]:
    return {} if amount is None else {currency or "": amount}
