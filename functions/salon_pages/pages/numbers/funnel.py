"""Where dialogs are lost: how they ended, at which step they were lost, what became of the bookings."""

from collections.abc import Mapping

from starlette.responses import Response

from functions.salon_pages.display import asked, charts
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports import funnel
from functions.salon_pages.reports.period import Comparison
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import funnel as texts
from shared.database.pool import Connection
from shared.i18n.texts import Text

DAYS_BACK = 29


async def page(visit: SalonVisit) -> Response:
    """The page."""
    async with visit.reading() as connection:
        comparison, tables = await _load(connection, visit)
    return parts.page(visit, "funnel", texts, comparison, tables=tables)


async def endings_file(connection: Connection, visit: SalonVisit) -> Table:
    """How the dialogs ended."""
    return (await _load(connection, visit))[1][0]


async def steps_file(connection: Connection, visit: SalonVisit) -> Table:
    """Where they were lost."""
    return (await _load(connection, visit))[1][1]


async def verdicts_file(connection: Connection, visit: SalonVisit) -> Table:
    """What became of the bookings."""
    return (await _load(connection, visit))[1][2]


async def _load(connection: Connection, visit: SalonVisit) -> tuple[Comparison, list[Table]]:
    comparison = await asked.load_days(connection, visit, DAYS_BACK)
    found = await funnel.load(connection, comparison.current)
    span = parts.span(comparison)
    return comparison, [
        _table(visit, "endings", texts.ENDED, texts.ENDING, texts.DIALOGS, found.endings, texts.ENDINGS,
               {key: visit.link("/sessions", **span, ending=key) for key in texts.ENDINGS}),
        _table(visit, "steps", texts.LOST, texts.STEP, texts.DIALOGS, found.steps, texts.STEPS,
               {key: visit.link("/sessions", **span, step=key) for key in texts.STEPS}, texts.LOST_NOTE),
        _table(visit, "verdicts", texts.KEPT, texts.VERDICT, texts.BOOKINGS, found.bookings, texts.VERDICTS,
               {}, texts.KEPT_NOTE),
    ]  # fmt: skip


def _table(  # noqa: PLR0913, PLR0917 - a table of three, side by side above
    visit: SalonVisit, name: str, title: Text, first: Text, counted: Text, counts: Mapping[str, int],
    names: Mapping[str, Text], places: Mapping[str, str], *notes: Text,
) -> Table:  # fmt: skip
    whole = sum(counts.values())
    rows = [
        Row(
            [text.in_(visit.language), counts.get(key, 0), charts.percent(counts.get(key, 0), whole)],
            places.get(key, ""), share=charts.percent(counts.get(key, 0), whole),
        )
        for key, text in names.items()
    ] if whole else []  # fmt: skip
    columns = [Column(first), Column(counted, "count"), Column(texts.SHARE, "percent")]
    return Table(name, title, columns, rows, Row([None, whole, charts.percent(whole, whole)]), notes)
