"""How many messages leave and when, whatever comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.daily_metrics_digest.alerts import rules
from functions.daily_metrics_digest.alerts.rules import AlertState, Limits, Measurement
from tests.functions.daily_metrics_digest.alerts.test_rules import ALL_DAY, HOUR, LIMITS, NOON, QUARTER


def apply(step: rules.Transition, state: AlertState | None, now: datetime, *, may_notify: bool = True) -> AlertState:
    """What the database makes of a step."""
    if step.action == "raise" or state is None:
        state = AlertState(step.severity, now)
    if step.action == "reopen":
        state = replace(state, triggered_at=now, resolved_at=None)
    state = replace(state, severity=step.severity, resolved_at=now if step.action == "resolve" else None)
    tells = step.notify and may_notify
    return replace(state, told_severity=step.severity, told_at=now) if tells else state


def messages(looks: Sequence[tuple[datetime, Measurement | None, bool]], limits: Limits) -> list[datetime]:
    """When messages leave over a sequence of looks: moment, reading, whether somebody accepts after it."""
    state: AlertState | None = None
    told = []
    for now, reading, accepts in looks:
        step = rules.next_state(reading, state, now, limits)
        if step:
            told += [now] if step.notify else []
            state = apply(step, state, now)
        if accepts and state and state.told_at:
            state = replace(state, acknowledged_at=now)
    return told


READINGS = st.one_of(
    st.none(),
    st.builds(
        lambda beyond: Measurement("error_spike", 20, 0, beyond, is_better=beyond < -0.2, may_raise=beyond < 0.95),
        st.sampled_from([-1.0, -0.3, -0.1, 0.0, 0.1, 0.3, 0.7, 1.0]),
    ),
)
QUIET = st.tuples(st.integers(0, 23), st.integers(0, 23))


@given(st.lists(READINGS, min_size=300, max_size=300), QUIET, st.integers(0, 95))
def test_whatever_is_measured_a_hundred_runs_send_at_most_two_messages(
    readings: list[Measurement | None], quiet: tuple[int, int], offset: int
) -> None:
    limits = replace(LIMITS, quiet_from=quiet[0], quiet_until=quiet[1])
    looks = [(NOON + (offset + n) * QUARTER, reading, False) for n, reading in enumerate(readings)]

    told = messages(looks, limits)

    for now, _, _ in looks:
        assert sum(now <= moment < now + 100 * QUARTER for moment in told) <= 2


@given(
    st.lists(st.tuples(READINGS, st.integers(1, 26 * 60), st.booleans()), min_size=30, max_size=60), QUIET
)  # fmt: skip
def test_however_rare_the_runs_are_25_hours_see_at_most_two_messages(
    looks: list[tuple[Measurement | None, int, bool]], quiet: tuple[int, int]
) -> None:
    limits = replace(LIMITS, quiet_from=quiet[0], quiet_until=quiet[1])
    now, at = NOON, []
    for reading, minutes, accepts in looks:
        now += timedelta(minutes=minutes)
        at.append((now, reading, accepts))

    told = messages(at, limits)

    assert all(sum(first <= moment < first + 25 * HOUR for moment in told) <= 2 for first in told)


def test_flapping_at_every_run_sends_twice_and_again_two_days_later() -> None:
    bad = Measurement("error_spike", 20, 90, 0.9, is_better=False)
    mild = replace(bad, beyond=0.1)
    good = replace(bad, beyond=-1, is_better=True)
    looks = [(NOON + n * QUARTER, (mild, good, good, good, good, bad)[n % 6], False) for n in range(200)]

    told = messages(looks, ALL_DAY)

    assert told[:2] == [NOON, NOON + 5 * QUARTER]
    assert len([moment for moment in told if moment < NOON + 100 * QUARTER]) == 2
    assert len(told) > 2, "an alert that never ends is not forgotten"


def test_what_is_raised_in_the_night_is_told_in_the_morning_if_it_still_stands() -> None:
    bad = Measurement("error_spike", 20, 25, 0.1, is_better=False)
    good = replace(bad, beyond=-1, is_better=True)
    night = NOON + 12 * HOUR  # midnight

    def messages_of(readings: list[Measurement]) -> list[datetime]:
        return messages([(night + n * HOUR, reading, False) for n, reading in enumerate(readings)], LIMITS)

    assert messages_of([bad] * 12) == [night + 8 * HOUR]
    assert messages_of([bad] * 4 + [good] * 8) == []
    assert messages_of([bad] * 2 + [good] * 3 + [bad] * 7) == [night + 8 * HOUR], "nobody was told of it before"


def test_two_alerts_in_a_row_do_not_share_a_hundred_runs() -> None:
    """Raised, critical, over, and again what would be told twice, as late as a hundred looks allow."""
    mild = Measurement("error_spike", 20, 25, 0.1, is_better=False)
    grave, good = replace(mild, beyond=0.9), replace(mild, beyond=-1, is_better=True)
    course = {0: mild, 4: grave, 101: mild, 102: grave}

    told = messages([(NOON + n * QUARTER, course.get(n, good), False) for n in range(104)], ALL_DAY)

    assert told == [NOON, NOON + 4 * QUARTER]
