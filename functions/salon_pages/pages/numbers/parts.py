"""What the pages with numbers share: which days they show, and the pages of a long list."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from starlette.responses import Response

from functions.salon_pages.display import periods
from functions.salon_pages.display.periods import Choice
from functions.salon_pages.display.table import Table
from functions.salon_pages.reports.period import Comparison
from functions.salon_pages.site.templates import texts_in
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import periods as texts
from shared.errors import HttpProblem
from shared.i18n import dates

MAX_ROWS = 50  # of a list on one page: a phone shows each as a card
MAX_FILE_ROWS = 20_000  # of a file: Lambda answers with six megabytes at most


@dataclass(frozen=True)
class Days:
    """The days of a page, in words, and those that may be chosen instead."""

    shown: str
    before: str
    zone: str
    first: str
    last: str
    choices: list[tuple[Choice, str]]


@dataclass(frozen=True)
class Listed:
    """Where in a long list a page is."""

    shown: int
    found: int
    text: str
    newer: str
    older: str


def page(
    visit: SalonVisit, section: str, page_texts: ModuleType, comparison: Comparison, /, **values: Any
) -> Response:  # fmt: skip
    """The page of a section for the days of `comparison`: the template that is called like it, with `values`."""
    filters = values.setdefault("filters", {})

    def file_of(table: Table) -> str:
        return file(visit, table, **span(comparison), **filters)

    return visit.page(
        f"{section}.html", page_texts, section=section, p=texts_in(texts, visit.language), file_of=file_of,
        days=days(visit, comparison, f"/{section}", **filters), **values,
    )  # fmt: skip


def file(visit: SalonVisit, table: Table, **query: object) -> str:
    """The address of a table's file."""
    return visit.link(f"/files/{table.name}.csv", **query)


def days(visit: SalonVisit, comparison: Comparison, path: str, **filters: str | None) -> Days:
    """The days of the page at `path`, with links that keep its `filters`."""
    language, current, previous = visit.language, comparison.current, comparison.previous
    time = dates.clock(current.clock.now)
    so_far = f" {texts.SO_FAR.in_(language).format(time=time)}" if current.is_unfinished else ""
    return Days(
        shown=periods.describe(current.first, current.last, language) + so_far,
        before=periods.describe(previous.first, previous.last, language) + so_far,
        zone=texts.ZONE.in_(language).format(zone=current.clock.timezone),
        first=current.first.isoformat(),
        last=current.last.isoformat(),
        choices=[
            (choice, visit.link(path, **{"from": choice.first, "to": choice.last, **filters}))
            for choice in periods.choices(comparison)
        ],
    )


def listed(
    visit: SalonVisit, section: str, comparison: Comparison, number: int, shown: int, found: int, **filters: str | None
) -> Listed:
    """Page `number` of a list of `found` rows, of which it has `shown`."""
    query = {**span(comparison), **filters}
    return Listed(
        shown,
        found,
        texts.ROWS.in_(visit.language).format(shown=shown, found=found),
        visit.link(f"/{section}", **query, page=number - 1) if number > 1 else "",
        visit.link(f"/{section}", **query, page=number + 1) if number * MAX_ROWS < found else "",
    )


def span(comparison: Comparison) -> dict[str, Any]:
    """The days of an address."""
    return {"from": comparison.current.first, "to": comparison.current.last}


def check_file_rows(found: int) -> None:
    """Raises HttpProblem where a file would not have all rows."""
    if found > MAX_FILE_ROWS:
        raise HttpProblem(400, "Too Long", f"A file has room for {MAX_FILE_ROWS} rows.", reason="long_file")
