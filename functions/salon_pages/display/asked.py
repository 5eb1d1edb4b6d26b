"""What an address asks for: days, filters, a page of a long list. It can be sent to a partner, who sees the same."""

from collections.abc import Collection
from datetime import date, timedelta

from starlette.requests import Request

from functions.salon_pages.reports import period
from functions.salon_pages.reports.period import Clock, Comparison
from functions.salon_pages.site.visit import DATE, SalonVisit
from shared.database.pool import Connection
from shared.errors import HttpProblem, Unauthenticated

FIRST_DAY = date(2015, 1, 1)  # no messenger had bots before
MAX_PAGES = 10_000
MAX_WORD = 200


async def read_clock(connection: Connection, visit: SalonVisit) -> Clock:
    """The salon's clock."""
    return await period.read_clock(connection, visit.salon.id, visit.salon.timezone)


async def load_days(connection: Connection, visit: SalonVisit, days_back: int = 0) -> Comparison:
    """The days from `?from=` to `?to=`; without them today and so many days before. Raises HttpProblem 400."""
    clock = await read_clock(connection, visit)
    last = day(visit.request, "to") or clock.today
    first = day(visit.request, "from") or last - timedelta(days=days_back)
    if not FIRST_DAY <= first <= last <= clock.today + timedelta(days=period.MAX_DAYS):
        raise HttpProblem(400, "Bad Period", "The first day is not after the last one.", reason="bad_period")
    if (last - first).days >= period.MAX_DAYS:
        raise HttpProblem(400, "Bad Period", f"Ask for at most {period.MAX_DAYS} days.", reason="long_period")
    return await period.load(connection, clock, first, last)


def day(request: Request, name: str) -> date | None:
    """The date `?name=`; None without one. Raises HttpProblem 400."""
    value = request.query_params.get(name, "")
    if not value:
        return None
    try:
        if DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise HttpProblem(400, "Bad Date", f"{name} is a date like 2026-11-30.", reason="bad_date")


def row_number(value: str) -> int:
    """The number of a row in a path. Raises Unauthenticated: it is none, so there is no such row."""
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise Unauthenticated
    return int(value)


def choice(request: Request, name: str, choices: Collection[str]) -> str | None:
    """The word `?name=`, if it is one of `choices`; None: none of them was asked for."""
    value = request.query_params.get(name)
    return value if value in choices else None


def word(request: Request, name: str) -> str | None:
    """The text `?name=`; None without one."""
    value = request.query_params.get(name, "")[:MAX_WORD].replace("\0", "").strip()
    return value or None


def page_number(request: Request) -> int:
    """The number `?page=` of a page of a long list, from 1."""
    value = request.query_params.get("page", "")
    return min(max(int(value), 1), MAX_PAGES) if value.isascii() and value.isdecimal() and len(value) < 6 else 1
