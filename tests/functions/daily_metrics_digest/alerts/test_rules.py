"""When an alert is raised, grows, is told and is over, by tables and by chance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.daily_metrics_digest.alerts import rules
from functions.daily_metrics_digest.alerts.rules import AlertKind, AlertState, Facts, Limits, Measurement, Severity

NOON = datetime(2026, 3, 3, 7, tzinfo=UTC)  # 12:00 in Almaty
LIMITS = Limits(ZoneInfo("Asia/Almaty"), 15, 60, 20, 6, 10, 22, 8)
ALL_DAY = replace(LIMITS, quiet_from=0, quiet_until=0)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
FINE = Facts(NOON, 50, 20, 10, 2, NOON, 300)


def raised_beyond(facts: Facts, limits: Limits = LIMITS) -> set[AlertKind]:
    """The kinds that a first look raises."""
    readings = rules.measure(facts, limits)
    steps = {kind: rules.next_state(readings.get(kind), None, facts.now, limits) for kind in rules.KINDS}
    return {kind for kind, step in steps.items() if step and step.action == "raise"}


@pytest.mark.parametrize(
    ("facts", "raised"),
    [
        (FINE, set()),
        (replace(FINE, dialogs=100, bookings=15), set()),  # the threshold itself is not beyond it
        (replace(FINE, dialogs=100, bookings=14), {"low_conversion"}),
        (replace(FINE, bookings=0), {"low_conversion"}),
        (replace(FINE, dialogs=10, bookings=0, errors=0), {"low_conversion", "high_drop_off"}),
        (replace(FINE, dialogs=9, bookings=0, dropped=9), set()),  # too few to judge by
        (replace(FINE, dialogs=0, bookings=0, dropped=0, errors=0), set()),
        (replace(FINE, dropped=30), set()),
        (replace(FINE, dropped=31), {"high_drop_off"}),
        (replace(FINE, errors=10), set()),
        (replace(FINE, errors=11), {"error_spike"}),
        (replace(FINE, bookings=1, dropped=31, errors=18), {"low_conversion", "high_drop_off", "error_spike"}),
        (replace(FINE, last_at=NOON - 4 * HOUR), set()),
        (replace(FINE, now=NOON + 3 * HOUR, last_at=NOON - 3 * HOUR), set()),
        (replace(FINE, now=NOON + 4 * HOUR, last_at=NOON - 3 * HOUR), {"data_stale"}),
        (replace(FINE, now=NOON + 4 * HOUR, last_at=NOON - 3 * HOUR, dialogs_of_week=9), set()),  # always quiet
        (replace(FINE, dialogs=0, last_at=None, dialogs_of_week=0), set()),  # new
        (replace(FINE, last_at=NOON - 13 * HOUR), set()),  # from 23:00, of which four hours are not quiet
    ],
)
def test_what_is_raised(facts: Facts, raised: set[AlertKind]) -> None:
    assert raised_beyond(facts) == raised


@pytest.mark.parametrize("dialogs", [10, 1000])
@pytest.mark.parametrize("share", [0, 1])
def test_thresholds_at_the_ends_are_never_beyond_reach(dialogs: int, share: int) -> None:
    """Nothing is worse than the worst, and an alert can always end."""
    ends = replace(LIMITS, low_conversion=0.0, high_drop_off=100.0, error_spike=100.0)
    count = share * dialogs
    facts = Facts(NOON, dialogs, count, count, count, NOON, 300)

    assert raised_beyond(facts, ends) == set()
    strict = replace(LIMITS, low_conversion=100.0, high_drop_off=0.0, error_spike=0.0)
    best = rules.measure(Facts(NOON, dialogs, dialogs, 0, 0, NOON, 300), strict)
    assert all(reading.is_better for reading in best.values())


def test_an_open_alert_is_over_only_when_it_is_better_by_a_fifth_and_an_hour_old() -> None:
    state = AlertState("info", NOON, told_severity="info", told_at=NOON)

    def action(bookings: int, after: timedelta) -> str | None:
        reading = rules.measure(replace(FINE, dialogs=100, bookings=bookings), LIMITS)["low_conversion"]
        step = rules.next_state(reading, state, NOON + after, LIMITS)
        return step.action if step else None

    assert [action(bookings, 2 * HOUR) for bookings in (14, 15, 17, 18, 40)] == [
        "keep", "keep", "keep", "resolve", "resolve",
    ]  # fmt: skip
    assert [action(40, after) for after in (QUARTER, HOUR - timedelta(seconds=1), HOUR)] == ["keep", "keep", "resolve"]


def test_with_too_few_dialogs_an_alert_stays_for_a_day() -> None:
    state = AlertState("warning", NOON)

    steps = [rules.next_state(None, state, NOON + timedelta(hours=hours), LIMITS) for hours in (1, 23, 24)]

    assert [step.action if step else None for step in steps] == [None, None, "resolve"]


@pytest.mark.parametrize(
    ("beyond", "hours", "severity"),
    [
        (-0.1, 100, "info"), (0.01, 0, "info"), (0.24, 5.9, "info"), (0.24, 6, "warning"), (0.25, 0, "warning"),
        (0.24, 100, "warning"), (0.25, 23.9, "warning"), (0.25, 24, "critical"), (0.59, 0, "warning"),
        (0.6, 0, "critical"), (1, 0, "critical"),
    ],
)  # fmt: skip
def test_how_bad_it_is(beyond: float, hours: float, severity: Severity) -> None:
    assert rules.severity(beyond, timedelta(hours=hours)) == severity


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 100), st.floats(0, 100))
def test_worse_and_longer_is_never_milder(one: float, two: float, hours: float, more: float) -> None:
    less, worse = sorted((one, two))
    mild, bad = rules.severity(less, timedelta(hours=hours)), rules.severity(worse, timedelta(hours=hours + more))

    assert rules.LEVELS[mild] <= rules.LEVELS[bad]


def step_at(severity_now: float, state: AlertState | None, now: datetime = NOON, limits: Limits = LIMITS) -> bool:
    """Whether a look tells."""
    step = rules.next_state(Measurement("error_spike", 20, 50, severity_now, is_better=False), state, now, limits)
    assert step
    return step.notify


def test_each_alert_is_told_when_it_is_raised_and_when_it_becomes_critical() -> None:
    told: dict[str, AlertState] = {
        level: AlertState(level, NOON, told_severity=level, told_at=NOON) for level in ("info", "warning", "critical")
    }

    assert step_at(0.1, None)
    assert [step_at(0.1, told["info"]), step_at(0.3, told["info"]), step_at(0.7, told["info"])] == [False, False, True]
    assert [step_at(0.7, told["warning"]), step_at(0.7, told["critical"])] == [True, False]
    assert step_at(0.7, told["info"], NOON - timedelta(seconds=1)), "raised by a look that overtook this one"


def test_who_has_accepted_it_hears_no_more() -> None:
    accepted = AlertState("info", NOON, acknowledged_at=NOON, told_severity="info", told_at=NOON)

    assert not step_at(0.9, accepted)


@pytest.mark.parametrize(
    ("zone", "since", "until", "moment", "quiet"),
    [
        ("Asia/Almaty", 22, 8, "2026-03-03T16:59", False),
        ("Asia/Almaty", 22, 8, "2026-03-03T17:00", True),
        ("Asia/Almaty", 22, 8, "2026-03-04T02:59", True),
        ("Asia/Almaty", 22, 8, "2026-03-04T03:00", False),
        ("Asia/Almaty", 1, 5, "2026-03-03T20:30", True),
        ("Asia/Almaty", 1, 5, "2026-03-04T00:00", False),
        ("Asia/Almaty", 9, 9, "2026-03-03T04:30", False),  # equal ends: no quiet hours
        ("Asia/Kolkata", 22, 8, "2026-03-03T16:29", False),  # zones of half an hour
        ("Asia/Kolkata", 22, 8, "2026-03-03T16:30", True),
        ("America/New_York", 22, 8, "2026-03-08T11:59", True),  # the night that lacks an hour
        ("America/New_York", 22, 8, "2026-03-08T12:00", False),
        ("America/New_York", 22, 8, "2026-11-01T12:59", True),  # the night that has one more
        ("America/New_York", 22, 8, "2026-11-01T13:00", False),
        ("America/New_York", 1, 2, "2026-11-01T05:30", True),  # 01:30, and again
        ("America/New_York", 1, 2, "2026-11-01T06:30", True),
        ("America/New_York", 2, 3, "2026-03-08T07:00", False),  # an hour that does not come
        ("Europe/Kyiv", 22, 4, "2026-03-29T00:59", True),
        ("Europe/Kyiv", 22, 4, "2026-03-29T01:00", False),
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(
    zone: str, since: int, until: int, moment: str, *, quiet: bool
) -> None:
    limits = replace(LIMITS, zone=ZoneInfo(zone), quiet_from=since, quiet_until=until)
    instant = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert rules.is_quiet(instant, limits) is quiet
    assert step_at(0.1, None, instant, limits) is not quiet
    assert step_at(0.7, None, instant, limits), "what is critical waits for nobody"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 15.0), ("2026-03-09", 14.0), ("2026-11-01", 14.0)])
def test_silence_counts_the_hours_that_are_not_quiet_also_over_dst(day: str, hours: float) -> None:
    """From 21:00 to 21:00 of New York's clock; the skipped hour and the repeated one lie in the night."""
    zone = ZoneInfo("America/New_York")
    until = datetime.fromisoformat(f"{day}T21:00").replace(tzinfo=zone)
    since = until - timedelta(days=1)  # on the wall
    limits = replace(LIMITS, zone=zone, quiet_until=7 if hours == 15 else 8)
    facts = replace(FINE, now=until.astimezone(UTC), last_at=since.astimezone(UTC))

    assert rules.measure(facts, limits)["data_stale"].actual == hours


def test_silence_is_measured_to_five_times_the_threshold() -> None:
    facts = replace(FINE, last_at=None)

    reading = rules.measure(facts, replace(ALL_DAY, stale_hours=6))["data_stale"]

    assert (reading.actual, reading.beyond) == (30, 1)
