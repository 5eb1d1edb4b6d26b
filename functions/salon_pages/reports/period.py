"""A salon's days, as the digest counts them, and the days before with which they are compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection

MAX_DAYS = 366

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Clock:
    """A salon's clock: `now` is local and naive, `instant` the same moment."""

    tenant_id: UUID
    timezone: str
    now: datetime
    instant: datetime

    @property
    def today(self) -> date:
        """The date that it shows."""
        return self.now.date()


@dataclass(frozen=True)
class Day:
    """A local day, from one instant to another: 23, 24 or 25 hours, and other numbers where a salon has moved."""

    day: date
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Period:
    """Days that follow each other, the dates from `first` to `last`; days that never were are left out."""

    clock: Clock
    first: date
    last: date
    days: Sequence[Day]

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still going on."""
        return bool(self.days) and self.days[0].begins <= self.clock.instant < self.days[-1].ends

    @property
    def parameters(self) -> dict[str, Any]:
        """What statements of reports are asked with."""
        return {
            "tenant": self.clock.tenant_id,
            "days": [day.day for day in self.days],
            "begins": [day.begins for day in self.days],
            "ends": [day.ends for day in self.days],
        }

    def until(self, instant: datetime) -> "Period":
        """What of it lies before `instant`."""
        days = [replace(day, ends=min(day.ends, instant)) for day in self.days if day.begins < instant]
        return replace(self, days=days)


@dataclass(frozen=True)
class Comparison:
    """A period, and the one of the same length before it, cut where this one has come to by now."""

    current: Period
    previous: Period

    @property
    def both(self) -> Period:
        """One after the other."""
        return replace(self.current, days=[*self.previous.days, *self.current.days])


async def read_clock(connection: Connection, tenant: UUID, timezone: str, now: datetime | None = None) -> Clock:
    """The clock of a salon at `now`, or as it is."""
    row = await sql.fetch_one(connection, _SQL["clock"], {"timezone": timezone, "now": now})
    return Clock(tenant, timezone, **row)


async def load(connection: Connection, clock: Clock, first: date, last: date) -> Comparison:
    """The days from `first` to `last`, at most MAX_DAYS, and as many before."""
    length = (last - first).days + 1
    before = first - timedelta(days=length)
    parameters = {"tenant": clock.tenant_id, "timezone": clock.timezone, "first": before, "last": last}
    rows = await sql.fetch_all(connection, _SQL["days"], parameters)
    days = [Day(**row) for row in rows]
    current = Period(clock, first, last, [day for day in days if day.day >= first])
    previous = Period(clock, before, first - timedelta(days=1), [day for day in days if day.day < first])
    if current.is_unfinished and previous.days:
        previous = previous.until(previous.days[0].begins + (clock.instant - current.days[0].begins))
    return Comparison(current, previous)
