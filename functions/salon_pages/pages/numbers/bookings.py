"""Visits as YClients knows them: disagreements first, and what became of them month by month."""

from collections.abc import Sequence
from datetime import timedelta

from starlette.responses import Response

from functions.salon_pages.display import asked, charts
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports import bookings
from functions.salon_pages.reports.bookings import Booking, Month
from functions.salon_pages.reports.period import Clock
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import bookings as texts
from shared.database.pool import Connection

DAYS_BACK = 6
MONTHS_BACK = 11


async def page(visit: SalonVisit) -> Response:
    """The page."""
    number, verdict = asked.page_number(visit.request), _verdict(visit)
    async with visit.reading() as connection:
        comparison = await asked.load_days(connection, visit, DAYS_BACK)
        rows, total = await bookings.find(
            connection, comparison.current, verdict, parts.MAX_ROWS, parts.MAX_ROWS * (number - 1)
        )
        months = await _months(connection, comparison.current.clock)
    return parts.page(
        visit, "bookings", texts, comparison, table=_table(visit, rows), months=months, filters={"verdict": verdict},
        listed=parts.listed(visit, "bookings", comparison, number, len(rows), total, verdict=verdict),
    )  # fmt: skip


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """All visits of the list."""
    comparison = await asked.load_days(connection, visit, DAYS_BACK)
    rows, total = await bookings.find(connection, comparison.current, _verdict(visit), parts.MAX_FILE_ROWS)
    parts.check_file_rows(total)
    return _table(visit, rows)


async def months_file(connection: Connection, visit: SalonVisit) -> Table:
    """The months."""
    return await _months(connection, await asked.read_clock(connection, visit))


def _verdict(visit: SalonVisit) -> str | None:
    return asked.choice(visit.request, "verdict", texts.VERDICTS)


def _table(visit: SalonVisit, rows: Sequence[Booking]) -> Table:
    columns = [
        Column(texts.VISIT, "moment"), Column(texts.CLIENT), Column(texts.SERVICE), Column(texts.VERDICT),
        Column(texts.NUMBER), Column(texts.VERIFIED, "moment"),
    ]  # fmt: skip
    shown = [
        Row(
            [each.start_at, each.client, each.service, texts.VERDICTS[each.verdict].in_(visit.language),
             each.external_id, each.verified_at],
            is_marked=each.verdict in bookings.DISAGREEMENTS,
        )
        for each in rows
    ]  # fmt: skip
    return Table("bookings", texts.VISITS, columns, shown, notes=(texts.VISITS_NOTE,))


async def _months(connection: Connection, clock: Clock) -> Table:
    since = clock.today.replace(day=1)
    for _ in range(MONTHS_BACK):
        since = (since - timedelta(days=1)).replace(day=1)
    rows = [_month(month) for month in await bookings.months(connection, clock, since)]
    columns = [
        Column(texts.MONTH, "month"), Column(texts.ALL_VISITS, "count"), Column(texts.CAME, "count"),
        Column(texts.CANCELLED, "count"), Column(texts.CANCELLED_SHARE, "percent"), Column(texts.NO_SHOWS, "count"),
        Column(texts.NO_SHOW_SHARE, "percent"), Column(texts.UNCONFIRMED, "count"), Column(texts.OPEN, "count"),
    ]  # fmt: skip
    return Table("months", texts.MONTHS, columns, rows, notes=(texts.MONTHS_NOTE,))


def _month(of: Month) -> Row:
    return Row(
        [of.month, of.visits, of.completed, of.cancelled, charts.percent(of.cancelled, of.visits), of.no_shows,
         charts.percent(of.no_shows, of.visits), of.unconfirmed, of.open]
    )  # fmt: skip
