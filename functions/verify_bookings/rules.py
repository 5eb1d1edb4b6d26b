"""What an answer of YClients means for a booking, and when it is looked up again."""

from datetime import datetime, timedelta
from typing import Literal

from shared.clients.yclients import Record

Status = Literal["created", "confirmed", "completed", "cancelled", "no_show"]

FINAL = ("completed", "cancelled", "no_show")
AFTER_VISIT = timedelta(hours=3)  # when the salon will have noted who came
DAILY = timedelta(days=1)
GIVE_UP_AFTER = timedelta(days=14)  # who noted nothing by then never will
RECHECK = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
MAX_ATTEMPTS = 10
MISSING_RECHECK = (timedelta(days=1), timedelta(days=2), timedelta(days=3))
AUTH_FAILED_RECHECK = timedelta(hours=6)

_BY_ATTENDANCE: dict[int | None, Status] = {-1: "no_show", 0: "created", 1: "completed", 2: "confirmed"}


def status(record: Record) -> Status:
    """The booking's status as a record says it."""
    return "cancelled" if record.is_deleted else _BY_ATTENDANCE[record.attendance]


def next_check(now: datetime, new: str, starts_at: datetime, *, is_news: bool) -> datetime | None:
    """When to look up again after a good answer; None: never. People correct attendance, so an end is checked twice."""
    if new in FINAL:
        return now + DAILY if is_news else None
    if now < starts_at + AFTER_VISIT:
        return min(starts_at + AFTER_VISIT, now + DAILY)
    return now + DAILY if now < starts_at + GIVE_UP_AFTER else None


def after_failure(now: datetime, attempts: int) -> datetime | None:
    """When to look up again after `attempts` failures in a row; None: never."""
    return now + RECHECK[min(attempts, len(RECHECK)) - 1] if attempts < MAX_ATTEMPTS else None


def after_missing(now: datetime, attempts: int) -> datetime | None:
    """When to look up again what YClients did not have `attempts` times; None: never."""
    return now + MISSING_RECHECK[attempts - 1] if attempts <= len(MISSING_RECHECK) else None
