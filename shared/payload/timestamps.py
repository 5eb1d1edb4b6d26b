"""Times in the many spellings of others (docs/protocols/getcourse.md, Quirks)."""

import re
from datetime import UTC, datetime
from typing import Any

from shared.payload import timezones

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MIN_MILLISECONDS = 100_000_000_000  # a Unix time with three more digits
_OFFSET_APART = re.compile(r"(\S+[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ([+-]?)(\d\d:?\d\d)", re.ASCII)
_UNIX_TIME = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?")
_RUSSIAN_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


def parse_timestamp(value: Any, timezone: str) -> datetime | None:
    """The UTC time that `value` names; without an offset it is local time in `timezone` (IANA).

    `value` is ISO 8601, a Russian date, or Unix time in seconds or milliseconds. None for anything else: then the time
    of arrival, seconds later, is the better witness.
    """
    if isinstance(value, str):
        text = value.strip()
        instant = _from_number(float(text)) if _UNIX_TIME.fullmatch(text) else _from_text(text, timezone)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
        instant = _from_number(value)
    else:
        return None
    return instant if instant and _is_plausible(instant) else None


def parse_with_offset(value: Any) -> datetime | None:
    """The time that `value` names in ISO 8601, as it is written; None without an offset, for then nobody knows it."""
    moment = _iso(value) if isinstance(value, str) else None
    return moment if moment and moment.tzinfo and _is_plausible(moment) else None


def _is_plausible(moment: datetime) -> bool:
    return EARLIEST <= moment < LATEST


def _from_number(seconds: float) -> datetime | None:
    if seconds >= _MIN_MILLISECONDS:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _from_text(text: str, timezone: str) -> datetime | None:
    moment = _iso(text) or _russian(text)
    if moment is None:
        return None
    zone = timezones.zone(timezone, timezones.OF_SOURCES)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):  # beyond the calendar
        return None


def _iso(text: str) -> datetime | None:
    if apart := _OFFSET_APART.fullmatch(text):  # a `+` that nobody escaped arrives as a space
        text = f"{apart[1]}{apart[2] or '+'}{apart[3]}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _russian(text: str) -> datetime | None:
    for form in _RUSSIAN_FORMATS:
        try:
            return datetime.strptime(text.replace(",", ""), form)  # noqa: DTZ007 - the zone is added by the caller
        except ValueError:
            continue
    return None
