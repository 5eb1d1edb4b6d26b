"""Working time, against a clock that is looked at each minute."""

import re
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.support.working_time import WorkingHours, due_at, parse, working_minutes

MINUTE = timedelta(minutes=1)
OFFICE = {day: [["09:00", "13:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# The day before a change of the clocks, by zone: an hour, half an hour, for good, and a whole day that was skipped.
CHANGES = [
    ("Europe/Kyiv", date(2026, 3, 28)),
    ("Europe/Kyiv", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Asia/Almaty", date(2024, 2, 29)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("America/Santiago", date(2026, 4, 4)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("UTC", date(2026, 12, 31)),
]


def at(text: str, zone: str = "Asia/Almaty") -> datetime:
    """An instant as somebody's wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def office(timezone: str = "Asia/Almaty", *holidays: str) -> WorkingHours:
    hours = parse(timezone, OFFICE, holidays)
    assert hours
    return hours


def is_open(hours: WorkingHours, moment: datetime) -> bool:
    """The definition: what the wall shows is inside of an interval."""
    wall = moment.astimezone(ZoneInfo(hours.timezone))
    return wall.date() not in hours.holidays and any(
        opens <= wall.time() and (wall.time() < closes or closes == time(0))
        for opens, closes in hours.week.get(wall.weekday(), ())
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    marks = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple((_wall(opens), _wall(closes)) for opens, closes in pairs)


def _wall(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@st.composite
def cases(draw: st.DrawFn) -> tuple[WorkingHours, datetime, int]:
    """Hours, a beginning near a change of the clocks, and how many minutes later it ends."""
    timezone, day = draw(st.sampled_from(CHANGES))
    week = draw(st.dictionaries(st.integers(0, 6), days(), min_size=1, max_size=7))
    holidays = draw(st.frozensets(st.integers(0, 5), max_size=2))
    hours = WorkingHours(timezone, week, frozenset(day + timedelta(days=n) for n in holidays))
    midnight = datetime.combine(day, time(0), ZoneInfo(timezone)).astimezone(UTC)
    return hours, midnight + draw(st.integers(0, 3000)) * MINUTE, draw(st.integers(0, 5000))


@settings(deadline=None)
@given(cases())
def test_it_counts_what_a_look_at_the_wall_each_minute_counts(case: tuple[WorkingHours, datetime, int]) -> None:
    hours, begin, length = case
    looked = sum(is_open(hours, begin + n * MINUTE) for n in range(length))

    zone = ZoneInfo(hours.timezone)
    assert working_minutes(hours, begin, begin + length * MINUTE) == looked
    assert working_minutes(hours, begin.astimezone(zone), (begin + length * MINUTE).astimezone(zone)) == looked


@settings(deadline=None)
@given(cases(), st.integers(1, 6000))
def test_something_is_due_after_the_first_minute_that_completes_it(
    case: tuple[WorkingHours, datetime, int], minutes: int
) -> None:
    hours, begin, _ = case
    due = due_at(hours, begin, minutes)

    if due is None:
        assert working_minutes(hours, begin, begin + timedelta(days=3653)) < minutes
    else:
        assert working_minutes(hours, begin, due) == minutes
        assert is_open(hours, due - MINUTE)


@settings(deadline=None)
@given(cases(), st.floats(0, 3000))
def test_fractions_of_minutes_come_back(case: tuple[WorkingHours, datetime, int], minutes: float) -> None:
    hours, begin, _ = case
    due = due_at(hours, begin + timedelta(microseconds=1), minutes)

    if due:
        passed = working_minutes(hours, begin + timedelta(microseconds=1), due)
        assert passed == timedelta(minutes=minutes) / MINUTE


@settings(deadline=None)
@given(cases(), st.floats(0, 1))
def test_nothing_is_lost_or_counted_twice_where_a_span_is_cut(
    case: tuple[WorkingHours, datetime, int], share: float
) -> None:
    hours, begin, length = case
    end, cut = begin + length * MINUTE, begin + share * length * MINUTE
    parts = working_minutes(hours, begin, cut) + working_minutes(hours, cut, end)

    assert parts == pytest.approx(working_minutes(hours, begin, end))


@pytest.mark.parametrize(
    ("begin", "minutes", "due"),
    [
        ("2026-06-05 10:00", 30, "2026-06-05 10:30"),
        ("2026-06-05 12:50", 30, "2026-06-05 14:20"),  # over lunch
        ("2026-06-05 17:45", 30, "2026-06-08 09:15"),  # over the weekend
        ("2026-06-06 03:00", 30, "2026-06-08 09:30"),  # written on Saturday night
        ("2026-06-05 17:30", 30, "2026-06-05 18:00"),  # with the last minute, not on Monday
        ("2026-06-05 18:00", 0, "2026-06-08 09:00"),
        ("2026-06-05 09:00", 0, "2026-06-05 09:00"),
        ("2026-06-11 17:50", 30, "2026-06-15 09:20"),  # 12 June is a holiday
    ],
)
def test_a_moment_outside_of_hours_moves_to_the_next_opening(begin: str, minutes: int, due: str) -> None:
    assert due_at(office("Asia/Almaty", "2026-06-12"), at(begin), minutes) == at(due)


@pytest.mark.parametrize(
    ("zone", "begin", "end", "minutes"),
    [
        ("Europe/Kyiv", "2026-03-29 02:00", "2026-03-29 05:00", 120),
        ("Europe/Kyiv", "2026-10-25 02:00", "2026-10-25 05:00", 240),
        ("America/New_York", "2026-03-08 01:00", "2026-03-08 04:00", 120),
        ("America/New_York", "2026-11-01 00:30", "2026-11-01 03:00", 210),
    ],
)
def test_without_hours_real_minutes_pass_also_while_the_clocks_change(
    zone: str, begin: str, end: str, minutes: float
) -> None:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in (begin, end))
    due = due_at(None, first, minutes)

    assert working_minutes(None, first, last) == minutes
    assert due
    assert due == last.astimezone(UTC)


def test_an_hour_that_the_clock_repeats_counts_twice_and_one_that_it_skips_does_not() -> None:
    night = parse("America/New_York", {"sun": [["01:00", "03:00"]]})

    assert working_minutes(night, at("2026-11-01 00:00"), at("2026-11-03 00:00")) == 180
    assert working_minutes(night, at("2026-03-08 00:00"), at("2026-03-10 00:00")) == 60


def test_a_day_may_end_at_midnight_and_the_next_begin_there() -> None:
    hours = parse("Asia/Almaty", {"fri": [["22:00", "24:00"]], "sat": [["00:00", "02:00"]]})

    assert working_minutes(hours, at("2026-06-05 12:00"), at("2026-06-06 12:00")) == 240
    assert due_at(hours, at("2026-06-05 23:30"), 60) == at("2026-06-06 00:30")


def test_a_span_that_ends_before_it_begins_has_no_minutes() -> None:
    assert working_minutes(None, at("2026-06-05 12:00"), at("2026-06-05 11:00")) == 0
    assert working_minutes(office(), at("2026-06-05 12:00"), at("2026-06-05 11:00")) == 0


@pytest.mark.parametrize("week", [{}, {0: ()}])
def test_a_week_without_hours_is_never_due(week: dict[int, tuple[()]]) -> None:
    assert due_at(WorkingHours("Asia/Almaty", week), at("2026-06-05 12:00"), 1) is None


def test_holidays_without_end_are_given_up_on() -> None:
    always_off = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(4000))
    hours = WorkingHours("Asia/Almaty", office().week, always_off)

    assert due_at(hours, at("2026-06-05 12:00"), 1) is None


def test_a_year_takes_milliseconds() -> None:
    hours = office("America/New_York")
    began = clock.process_time()
    minutes = working_minutes(hours, at("2026-01-01 00:00"), at("2027-01-01 00:00"))
    due_at(hours, at("2026-01-01 00:00"), minutes)

    assert minutes > 120_000
    assert clock.process_time() - began < 0.5  # 14 ms here, half a second and more minute by minute


@pytest.mark.parametrize(
    ("timezone", "week", "holidays", "says"),
    [
        ("Asia/Almata", OFFICE, (), "timezone: 'Asia/Almata' is unknown"),
        ("", OFFICE, (), "timezone: '' is unknown"),
        ("Europe", OFFICE, (), "timezone: 'Europe' is unknown"),
        ("../etc/passwd", None, (), "unknown"),
        ("UTC", {"пн": [["09:00", "18:00"]]}, (), "under mon, tue, wed, thu, fri, sat, sun, not пн"),
        ("UTC", {1: [["09:00", "18:00"]]}, (), "not 1"),
        ("UTC", [["09:00", "18:00"]], (), "working hours are lists"),
        ("UTC", "always", (), "not 'always'"),
        ("UTC", {}, (), "leave them out to work always"),
        ("UTC", {"mon": [], "tue": []}, (), "leave them out to work always"),
        ("UTC", {"mon": ["09:00", "18:00"]}, (), "mon: write a list of intervals"),
        ("UTC", {"mon": [["09:00", "18:00", "20:00"]]}, (), "mon: write a list of intervals"),
        ("UTC", {"mon": 9}, (), "mon: write a list of intervals"),
        ("UTC", {"mon": [["9", "18:00"]]}, (), "mon: '9' is no time"),
        ("UTC", {"mon": [[9, 18]]}, (), "mon: 9 is no time"),
        ("UTC", {"mon": [["09:00", "25:00"]]}, (), "'25:00' is no time"),
        ("UTC", {"mon": [["09:60", "18:00"]]}, (), "'09:60' is no time"),
        ("UTC", {"mon": [["24:00", "24:00"]]}, (), "ends before it begins"),
        ("UTC", {"mon": [["18:00", "09:00"]]}, (), "mon: 18:00-09:00 ends before it begins"),
        ("UTC", {"mon": [["09:00", "09:00"]]}, (), "ends before it begins"),
        ("UTC", {"mon": [["12:00", "18:00"], ["09:00", "13:00"]]}, (), "from 12:00 begins before the one until 13:00"),
        ("UTC", OFFICE, ["31.12.2026"], "holidays: '31.12.2026' is no date"),
        ("UTC", OFFICE, [20261231], "holidays: 20261231 is no date"),
    ],
)
def test_nonsense_is_refused_with_what_is_wrong(timezone: str, week: Any, holidays: Any, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse(timezone, week, holidays)


def test_hours_are_read_in_any_order_with_dates_as_the_database_gives_them() -> None:
    hours = parse("UTC", {"sun": [["14:00", "24:00"], ["09:00", "14:00"]]}, [date(2026, 1, 1), "2026-01-07"])

    assert hours == WorkingHours(
        "UTC",
        {6: ((time(9), time(14)), (time(14), time(0)))},
        frozenset({date(2026, 1, 1), date(2026, 1, 7)}),
    )
    assert parse("UTC", None) is None
