"""What is wrong with a salon, how badly, and whether its people are notified now.

Raised beyond the threshold; over when it is better by a fifth of it, an hour after the raise at the earliest. What
comes back within 25 hours of its last message is the same alert again, silently. An alert sends one message when it is
raised (at the end of the quiet hours, if it was raised in them and still stands) and one more when it becomes critical,
and then no more. So, however it flaps, no 25 hours see more than two messages of a kind to a salon.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

AlertKind = Literal["low_conversion", "high_drop_off", "error_spike", "data_stale"]
Severity = Literal["info", "warning", "critical"]
Action = Literal["raise", "reopen", "keep", "resolve"]

KINDS: tuple[AlertKind, ...] = ("low_conversion", "high_drop_off", "error_spike", "data_stale")
LEVELS: Mapping[Severity, int] = {"info": 0, "warning": 1, "critical": 2}

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
HYSTERESIS = 0.2  # of the threshold
REPEAT_AFTER = timedelta(hours=25)  # a hundred runs, one each 15 minutes, send one alert's messages only
LOOKBACK = timedelta(days=8)  # as facts.sql does: nothing older is known
ESCALATION_STEP = timedelta(minutes=15)  # zones begin their hours at quarters of an hour

# How much of the way from the threshold to the worst has been gone, and for how long, at least.
_SEVERITIES: tuple[tuple[float, timedelta, Severity], ...] = (
    (0.6, timedelta(), "critical"),
    (0.25, DAY, "critical"),
    (0.25, timedelta(), "warning"),
    (0.0, timedelta(hours=6), "warning"),
)


@dataclass(frozen=True)
class Limits:
    """A salon's settings: shares in percent, `stale_hours` without a sign of life, quiet hours of its clock."""

    zone: ZoneInfo
    low_conversion: float
    high_drop_off: float
    error_spike: float
    stale_hours: int
    minimum_sample: int
    quiet_from: int
    quiet_until: int


@dataclass(frozen=True)
class Facts:
    """Counts of a salon's last 24 hours, and its last sign of life. All instants here are in UTC."""

    now: datetime
    dialogs: int
    bookings: int
    dropped: int
    errors: int
    last_at: datetime | None
    dialogs_of_week: int


@dataclass(frozen=True)
class Measurement:
    """One kind measured; `beyond` is the part of the way from the threshold to the worst, negative when all is well."""

    kind: AlertKind
    threshold: float
    actual: float
    beyond: float
    is_better: bool
    may_raise: bool = True


@dataclass(frozen=True)
class AlertState:
    """The alert of a kind that is open, or was until not long ago."""

    severity: Severity
    triggered_at: datetime
    resolved_at: datetime | None = None
    acknowledged_at: datetime | None = None
    told_severity: Severity | None = None
    told_at: datetime | None = None


@dataclass(frozen=True)
class Transition:
    """What happens to the alert of a kind, and whether its message is sent now."""

    action: Action
    severity: Severity
    notify: bool


def measure(facts: Facts, limits: Limits) -> dict[AlertKind, Measurement]:
    """The kinds that can be measured: shares need a sample of dialogs, silence can always be measured."""
    measurements: list[Measurement] = []
    if facts.dialogs >= limits.minimum_sample:
        threshold, actual = limits.low_conversion, 100 * facts.bookings / facts.dialogs
        beyond = (threshold - actual) / threshold if threshold else -1.0
        is_better = actual >= min(100.0, threshold * (1 + HYSTERESIS))
        measurements.append(Measurement("low_conversion", threshold, actual, beyond, is_better))
        measurements.append(_too_many("high_drop_off", limits.high_drop_off, facts.dropped, facts.dialogs))
        measurements.append(_too_many("error_spike", limits.error_spike, facts.errors, facts.dialogs))
    measurements.append(_silence(facts, limits))
    return {measurement.kind: measurement for measurement in measurements}


def _too_many(kind: AlertKind, threshold: float, count: int, dialogs: int) -> Measurement:
    actual = 100 * count / dialogs
    beyond = (actual - threshold) / (100 - threshold) if threshold < 100 else -1.0
    return Measurement(kind, threshold, actual, beyond, actual <= threshold * (1 - HYSTERESIS))


def _silence(facts: Facts, limits: Limits) -> Measurement:
    """Hours without a sign of life, without the quiet ones, when nobody writes; five times the threshold is worst."""
    threshold = limits.stale_hours
    since = max(facts.last_at or facts.now - LOOKBACK, facts.now - LOOKBACK)
    hours = _outside_quiet_hours(since, facts.now, limits) / HOUR if facts.now - since >= threshold * HOUR else 0.0
    beyond = (hours - threshold) / (4 * threshold)
    was_alive = facts.last_at is not None and facts.dialogs_of_week >= limits.minimum_sample
    return Measurement("data_stale", threshold, hours, beyond, hours <= threshold * (1 - HYSTERESIS), was_alive)


def _outside_quiet_hours(since: datetime, until: datetime, limits: Limits) -> timedelta:
    """How much of a time lies outside of the quiet hours, at most five times the threshold."""
    total, maximum = timedelta(), 5 * limits.stale_hours * HOUR
    end = until
    while end > since and total < maximum:
        start = max(since, end - ESCALATION_STEP)
        if not is_quiet(start, limits):
            total += end - start
        end = start
    return min(total, maximum)


def is_quiet(moment: datetime, limits: Limits) -> bool:
    """Whether the salon's clock shows a quiet hour; they may span midnight, and equal ends are none."""
    hour, since, until = moment.astimezone(limits.zone).hour, limits.quiet_from, limits.quiet_until
    return since <= hour < until if since <= until else hour >= since or hour < until


def severity(beyond: float, lasted: timedelta) -> Severity:
    """How bad it is: by how far beyond the threshold, and for how long."""
    return next((level for far, long, level in _SEVERITIES if beyond >= far and lasted >= long), "info")


def next_state(
    measurement: Measurement | None, state: AlertState | None, now: datetime, limits: Limits
) -> Transition | None:
    """What happens to the alert of one kind; None: nothing. `measurement` is None when there is too little to judge."""
    if state is None or state.resolved_at is not None:
        return _raise(measurement, state, now, limits)
    lasted = max(now - state.triggered_at, timedelta())  # another run may have been quicker
    if measurement is None:  # what raised it has left the window, and nothing says that it goes on
        return Transition("resolve", state.severity, notify=False) if lasted >= DAY else None
    if measurement.is_better and lasted >= HOUR:
        return Transition("resolve", state.severity, notify=False)
    level = max(state.severity, severity(measurement.beyond, lasted), key=LEVELS.__getitem__)
    return Transition("keep", level, _should_notify(level, state, now, limits))


def _raise(
    measurement: Measurement | None, state: AlertState | None, now: datetime, limits: Limits
) -> Transition | None:
    if measurement is None or not measurement.may_raise or measurement.beyond <= 0:
        return None
    level = severity(measurement.beyond, timedelta())
    if state is None or (state.told_at or state.triggered_at) <= now - REPEAT_AFTER:
        return Transition("raise", level, _should_notify(level, None, now, limits))
    return Transition("reopen", level, _should_notify(level, state, now, limits))


def _should_notify(level: Severity, state: AlertState | None, now: datetime, limits: Limits) -> bool:
    if level != "critical" and is_quiet(now, limits):
        return False
    if state is None:
        return True
    is_news = state.told_severity is None or (level == "critical" and state.told_severity != "critical")
    return is_news and state.acknowledged_at is None
