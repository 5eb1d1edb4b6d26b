"""The salon's figures, each against the period before, and day by day."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from functions.salon_pages.display import asked, cells, charts
from functions.salon_pages.display.cells import Kind
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports import figures
from functions.salon_pages.reports.figures import Figures, Report
from functions.salon_pages.reports.period import Comparison
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import today as texts
from shared.database.pool import Connection
from shared.i18n import numbers
from shared.i18n.texts import Language
from shared.salon.texts import ALERT_KINDS

KINDS: dict[str, Kind] = {
    "dialogs": "count", "bookings": "count", "conversion": "percent", "response": "seconds", "no_shows": "count",
    "money": "money", "waiting": "count",
}  # fmt: skip
WORSE_WHEN_MORE = ("response", "no_shows", "waiting")


@dataclass(frozen=True)
class Figure:
    """A figure as it is shown: its value leads to the rows that it is made of."""

    name: str
    value: str
    href: str
    formula: str
    change: str = ""
    arrow: str = ""
    is_good: bool | None = None


async def page(visit: SalonVisit) -> Response:
    """The page."""
    async with visit.reading() as connection:
        comparison = await asked.load_days(connection, visit)
        report = await figures.load(connection, comparison)
        waiting = await figures.count_waiting(connection, comparison.current)
        alerts = await figures.open_alerts(connection, visit.salon.id)
    table = day_table(visit, comparison, report)
    dialogs, bookings = ([getattr(each, name) for _, each in report.days] for name in ("dialogs", "bookings"))
    chart = charts.columns(texts.CHART.in_(visit.language).format(most=max(dialogs, default=0)), dialogs, bookings)
    return parts.page(
        visit, "today", texts, comparison, table=table, figures=_figures(visit, comparison, report, waiting),
        chart=chart,
        alerts=", ".join(ALERT_KINDS[kind].in_(visit.language) for kind in alerts if kind in ALERT_KINDS),
    )  # fmt: skip


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """The table of the page, for its file."""
    comparison = await asked.load_days(connection, visit)
    return day_table(visit, comparison, await figures.load(connection, comparison))


def day_table(visit: SalonVisit, comparison: Comparison, report: Report) -> Table:
    """The figures day by day, and their sum."""
    names = [name for name in KINDS if name != "waiting" and (name != "money" or visit.viewer.manages)]
    rows = [
        Row([day, *(_value(each, name) for name in names)], visit.link("/today", **{"from": day, "to": day}))
        for day, each in report.days
        if day <= comparison.current.clock.today
    ]
    total = Row([None, *(_value(report.total, name) for name in names)])
    columns = [Column(texts.DAY, "day"), *(Column(texts.NAMES[name], KINDS[name]) for name in names)]
    return Table("days", texts.DAYS, columns, rows, total)


def _value(of: Figures, name: str) -> Any:
    match name:
        case "response":
            return of.response_ms
        case "conversion":
            return of.conversion
        case _:
            return getattr(of, name)


def _figures(
    visit: SalonVisit, comparison: Comparison, report: Report, waiting: tuple[int, int]
) -> list[Figure]:  # fmt: skip
    language = visit.language
    span = parts.span(comparison)
    places = {
        "dialogs": visit.link("/sessions", **span),
        "bookings": visit.link("/sessions", **span, booked="yes"),
        "conversion": visit.link("/funnel", **span),
        "response": visit.link("/sessions", **span, sort="slow"),
        "no_shows": visit.link("/bookings", **span, verdict="no_show"),
        "money": visit.link("/services", **span),
        "waiting": visit.link("/waiting"),
    }
    facts = {"answers": report.total.answers, "bookings": report.total.bookings, "dialogs": report.total.dialogs,
             "new": waiting[1]}  # fmt: skip
    shown = []
    for name, kind in KINDS.items():
        if name == "money" and not visit.viewer.manages:
            continue
        value = waiting[0] if name == "waiting" else _value(report.total, name)
        formula = (
            texts.FORMULAS[name]
            .in_(language)
            .format(**{key: numbers.number(fact, language) for key, fact in facts.items()})
        )
        figure = Figure(texts.NAMES[name].in_(language), cells.show(value, kind, language), places[name], formula)
        shown.append(
            figure if name == "waiting" else _compared(figure, name, value, _value(report.previous, name), language)
        )
    return shown


def _compared(figure: Figure, name: str, value: Any, before: Any, language: Language) -> Figure:
    """With what it was before, and by how much it differs."""
    if name == "money":
        currencies = list(value)
        if len(currencies) != 1 or set(before) - set(currencies):
            return figure
        was = cells.show({currencies[0]: before.get(currencies[0], Decimal())}, "money", language)
        value, before = value[currencies[0]], before.get(currencies[0], Decimal())
    else:
        was = cells.show(before, KINDS[name], language)
    if before is None or value is None:
        return figure
    difference = value - before
    text = texts.BEFORE.in_(language).format(value=was)
    if not difference:
        return replace(figure, change=texts.SAME.in_(language))
    if name == "conversion":
        sign = "+" if difference > 0 else "−"
        points = numbers.number(abs(difference), language, digits=2)
        text = f"{texts.POINTS.in_(language).format(value=f'{sign}{points}')}, {text}"
    elif before and round(100 * difference / before):
        text = f"{numbers.change(float(100 * difference / before), language)}, {text}"
    is_more = difference > 0
    return replace(figure, change=text, arrow="▲" if is_more else "▼", is_good=is_more != (name in WORSE_WHEN_MORE))
