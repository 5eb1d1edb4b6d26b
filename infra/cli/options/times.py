"""Times as people type them: 24h, 30m, 7d, 2026-01-15, 15.01.2026 10:00, 2026-01-15T10:00+03:00."""

import re
from datetime import UTC, datetime, time, timedelta

import typer

from shared.payload import timezones
from shared.payload.timestamps import parse_timestamp

_DURATION = re.compile(r"(\d{1,6}) ?(s|m|h|d|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
FORMS = "write 24h, 30m, 7d, 2026-01-15, 15.01.2026 10:00 or 2026-01-15T10:00+03:00"


def duration(text: str) -> timedelta:
    """The length that `text` names. Raises typer.BadParameter."""
    found = _DURATION.fullmatch(text.strip().lower())
    if not found:
        if text.strip() == "0":
            return timedelta()
        raise typer.BadParameter("write a length like 30m, 24h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def since(text: str) -> datetime:
    """The instant that `text` names: so long ago, or a moment in this machine's zone. Raises typer.BadParameter."""
    if _DURATION.fullmatch(text.strip().lower()):
        return datetime.now(UTC) - duration(text)
    moment = instant(text, None)
    if moment is None:
        raise typer.BadParameter(FORMS)
    return moment


def instant(text: str, zone: str | None) -> datetime | None:
    """The instant that `text` names in `zone`, or in this machine's; None for nonsense."""
    if zone is not None:
        return parse_timestamp(text, zone)
    utc = parse_timestamp(text, "UTC")  # without an offset of its own `text` is local time
    if utc is None or utc != parse_timestamp(text, "Asia/Tokyo"):
        return utc and utc.replace(tzinfo=None).astimezone()
    return utc


def time_of_day(text: str) -> time:
    """The time of day that `text` names: 09:00. Raises typer.BadParameter."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise typer.BadParameter("write a time of day like 09:00") from None


def timezone(name: str) -> str:
    """`name`, if it is a time zone. Raises typer.BadParameter."""
    if not timezones.is_known(name):
        raise typer.BadParameter("no such time zone: write Europe/Moscow, Asia/Yekaterinburg or UTC")
    return name


def timezone_if_given(name: str | None) -> str | None:
    """`name`, if it is a time zone; None for an option that was left out. Raises typer.BadParameter."""
    return None if name is None else timezone(name)
