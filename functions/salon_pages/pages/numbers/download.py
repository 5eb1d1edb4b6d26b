"""The files of tables: the same rows as on the page, for the same days and filters."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.responses import Response

from functions.salon_pages.display import asked
from functions.salon_pages.display.table import Table, to_csv
from functions.salon_pages.pages.manage import alerts, audits, people
from functions.salon_pages.pages.numbers import bookings, funnel, services, sessions, today, waiting
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site.templates import HEADERS, compressed
from functions.salon_pages.site.visit import SalonVisit
from shared.database.pool import Connection
from shared.errors import Unauthenticated

FILES: Mapping[str, Callable[[Connection, SalonVisit], Awaitable[Table]]] = {
    "days.csv": today.file,
    "endings.csv": funnel.endings_file,
    "steps.csv": funnel.steps_file,
    "verdicts.csv": funnel.verdicts_file,
    "services.csv": services.file,
    "sessions.csv": sessions.file,
    "bookings.csv": bookings.file,
    "months.csv": bookings.months_file,
    "waiting.csv": waiting.file,
    "done.csv": waiting.done_file,
    "alerts.csv": alerts.file,
    "people.csv": people.file,
    "audit.csv": audits.file,
}


async def download(visit: SalonVisit, name: str) -> Response:
    """The file; who took it is recorded. Raises Unauthenticated: there is none of this name."""
    if name not in FILES:
        raise Unauthenticated
    async with visit.reading() as connection:
        table = await FILES[name](connection, visit)
    act = Act("export", f"downloaded {name}", {"file": name, "rows": len(table.rows)})
    async with visit.changing() as connection:
        await visit.audit(connection, act)
    days = [str(day) for name in ("from", "to") if (day := asked.day(visit.request, name))]
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{"_".join([table.name, *days])}.csv"'}
    return compressed(visit.request, Response(to_csv(table, visit.language), 200, headers, "text/csv"))
