"""Working time: how much of it passed between two instants, and when so much of it will have passed.

An instant is working time when the desk's wall clock shows it, on a day that is no holiday. An hour that the
clock repeats counts twice, an hour that it skips not at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from shared.payload import timezones

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
HORIZON = timedelta(days=3653)  # what is not due in ten years never is

Interval = tuple[time, time]


@dataclass(frozen=True)
class WorkingHours:
    """Intervals by weekday (0 is Monday), each day's in order and apart (an end of 00:00 is 24:00), and days off."""

    timezone: str
    week: Mapping[int, Sequence[Interval]]
    holidays: frozenset[date] = frozenset()


def working_minutes(hours: WorkingHours | None, begin: datetime, end: datetime) -> float:
    """The working minutes between two instants; without hours every minute is one."""
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)  # subtracting within a zone would compare walls
    if hours is None:
        return max(end - begin, timedelta()) / MINUTE
    return sum((closes - opens for opens, closes in _open(hours, begin, end)), timedelta()) / MINUTE


def due_at(hours: WorkingHours | None, begin: datetime, minutes: float) -> datetime | None:
    """The first instant, in UTC, by which so many working minutes have passed. None: not within ten years.

    With no minutes at all it is `begin`, or the next opening when that is outside of hours.
    """
    begin, left = begin.astimezone(UTC), timedelta(minutes=minutes)
    if hours is None:
        return begin + left
    if not any(hours.week.values()):
        return None
    for opens, closes in _open(hours, begin, begin + HORIZON):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def _open(hours: WorkingHours, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working spans between two instants of UTC, in order."""
    zone = ZoneInfo(hours.timezone)
    day = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        for since, until, offset in _elapsed(zone, day):
            for opens, closes in _local(hours, since + offset, until + offset):
                span = max(opens - offset, begin), min(closes - offset, end)
                if span[0] < span[1]:
                    yield span
        day += DAY


def _elapsed(zone: ZoneInfo, since: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    """The day of UTC whole, or parted where the clocks change; no zone changes twice a day."""
    until = since + DAY
    before, after = _offset(zone, since), _offset(zone, until)
    if before == after:
        return [(since, until, before)]
    low, high = 0, 86_400
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, since + timedelta(seconds=middle)) == before:
            low = middle
        else:
            high = middle
    change = since + timedelta(seconds=high)
    return [(since, change, before), (change, until, after)]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _local(hours: WorkingHours, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working spans on a wall clock that goes from `since` to `until` without a jump."""
    midnight = since.replace(hour=0, minute=0, second=0)
    while midnight < until:
        if midnight.date() not in hours.holidays:
            for opens, closes in hours.week.get(midnight.weekday(), ()):
                first = midnight + _past_midnight(opens)
                last = midnight + (_past_midnight(closes) or DAY)
                yield max(first, since), min(last, until)
        midnight += DAY


def _past_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)


def parse(timezone: str, week: Any, holidays: Iterable[date | str] = ()) -> WorkingHours | None:
    """Hours as settings have them, `{"mon": [["09:00", "18:00"]], …}`. No week: always. ValueError: what is wrong."""
    if not timezones.is_known(timezone):
        raise ValueError(f"timezone: {timezone!r} is unknown; write one like 'Asia/Almaty'")
    if week is None:
        return None
    if not isinstance(week, dict) or (unknown := sorted(str(day) for day in week if day not in DAYS)):
        what = f"not {', '.join(unknown)}" if isinstance(week, dict) else f"not {week!r}"
        raise ValueError(f"working hours are lists of intervals under {', '.join(DAYS)}, {what}")
    if not any(week.values()):
        raise ValueError("working hours are empty, nobody would ever be reminded; leave them out to work always")
    by_day = {DAYS.index(day): _intervals(day, intervals) for day, intervals in week.items()}
    return WorkingHours(timezone, by_day, frozenset(_holiday(day) for day in holidays))


def _intervals(day: str, raw: Any) -> tuple[Interval, ...]:
    if not isinstance(raw, list) or not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in raw):
        raise ValueError(f'{day}: write a list of intervals like [["09:00", "18:00"]], not {raw!r}')
    pairs = sorted((_wall_clock(day, opens), _wall_clock(day, closes)) for opens, closes in raw)
    for (_, before), (opens, _) in pairwise(pairs):
        if opens < before:
            raise ValueError(f"{day}: the interval from {opens} begins before the one until {before} ends")
    for opens, closes in pairs:
        if closes <= opens:
            raise ValueError(f"{day}: {opens}-{closes} ends before it begins; part a night at 24:00")
    return tuple(
        (time.fromisoformat(opens), time.fromisoformat(closes.replace("24:", "00:"))) for opens, closes in pairs
    )


def _wall_clock(day: str, text: Any) -> str:
    if not isinstance(text, str) or not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", text, re.ASCII):
        raise ValueError(f"{day}: {text!r} is no time; write one like '09:00', and '24:00' for the day's end")
    return text


def _holiday(day: date | str) -> date:
    try:
        return day if isinstance(day, date) else date.fromisoformat(day)
    except (TypeError, ValueError):
        raise ValueError(f"holidays: {day!r} is no date; write one like '2026-01-01'") from None
