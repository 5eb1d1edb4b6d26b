"""Who is chased when, also after the sweep was away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.support.mute import HandoverStatus
from shared.support.reminders import Action, OpenHandover, Timeouts, due, remind_at
from shared.support.working_time import WorkingHours, due_at, parse

FRIDAY = datetime(2026, 6, 5, 12, 40, tzinfo=UTC)  # 17:40 in Almaty
OFFICE = parse("Asia/Almaty", {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
USUAL = Timeouts()


def after(minutes: float) -> datetime:
    return FRIDAY + timedelta(minutes=minutes)


def asked(*sent: Action, status: HandoverStatus = "pending", has_manager_reply: bool = False) -> OpenHandover:
    return OpenHandover(
        FRIDAY,
        status,
        reminder_1_sent_at=after(30) if "reminder_1" in sent else None,
        reminder_2_sent_at=after(60) if "reminder_2" in sent else None,
        has_manager_reply=has_manager_reply,
    )


@pytest.mark.parametrize(
    ("request_", "minutes", "action"),
    [
        (asked(), 29.99, None),
        (asked(), 30, "reminder_1"),
        (asked("reminder_1"), 30, None),
        (asked("reminder_1"), 59.99, None),
        (asked("reminder_1"), 60, "reminder_2"),
        (asked("reminder_1", "reminder_2"), 60, None),
        (asked("reminder_1", "reminder_2"), 119.99, None),
        (asked("reminder_1", "reminder_2"), 120, "auto_close"),
        (asked(), 70, "reminder_2"),  # the sweep was away: not both
        (asked("reminder_2"), 70, None),  # and the first not afterwards
        (asked(), 300, "auto_close"),  # away for five hours: not all three
        (asked("reminder_1"), 300, "auto_close"),
        (asked(), -5, None),
    ],
)
def test_the_latest_action_is_due_and_none_that_it_overtook(
    request_: OpenHandover, minutes: float, action: Action | None
) -> None:
    assert due(request_, USUAL, None, after(minutes)) == action


@pytest.mark.parametrize(
    "request_",
    [
        asked(has_manager_reply=True),
        asked(status="active"),
        asked(status="resolved"),
        asked(status="bot_handling"),
        asked(status="timeout"),
    ],
)
@pytest.mark.parametrize("minutes", [30, 60, 120, 3000])
def test_nobody_is_chased_while_a_person_talks_or_when_it_is_over(request_: OpenHandover, minutes: int) -> None:
    assert due(request_, USUAL, None, after(minutes)) is None
    assert remind_at(request_, USUAL, None) is None


@pytest.mark.parametrize(
    ("moment", "action"),
    [
        (datetime(2026, 6, 5, 13, 10, tzinfo=UTC), None),  # half an hour later, after closing
        (datetime(2026, 6, 7, 13, 10, tzinfo=UTC), None),  # Sunday
        (datetime(2026, 6, 8, 4, 9, tzinfo=UTC), None),
        (datetime(2026, 6, 8, 4, 10, tzinfo=UTC), "reminder_1"),  # 20 minutes on Friday, 10 on Monday
        (datetime(2026, 6, 8, 4, 40, tzinfo=UTC), "reminder_2"),
        (datetime(2026, 6, 8, 5, 40, tzinfo=UTC), "auto_close"),
    ],
)
def test_only_working_minutes_count(moment: datetime, action: Action | None) -> None:
    assert due(asked(), USUAL, OFFICE, moment) == action


def test_the_next_look_follows_from_what_was_sent() -> None:
    looks = [remind_at(request, USUAL, None) for request in (asked(), asked("reminder_1"), asked("reminder_2"))]

    assert looks == [after(30), after(60), after(120)]


@settings(deadline=None)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=60), st.sampled_from([None, OFFICE]), st.integers(0, 4000))
def test_whenever_the_sweep_looks_it_does_each_thing_once_and_the_last_in_the_end(
    pauses: list[int], hours: WorkingHours | None, begins: int
) -> None:
    request, now, done = OpenHandover(after(begins)), after(begins), list[Action]()
    for pause in [*pauses, 10_000]:
        now += timedelta(minutes=pause)
        action = due(request, USUAL, hours, now)
        next_look = remind_at(request, USUAL, hours)
        assert (action is not None) == (next_look is not None and now >= next_look)
        if action:
            done.append(action)
            request = _did(request, action, now)
            assert due(request, USUAL, hours, now) is None  # nothing follows in the same minute

    assert done == [action for action in ("reminder_1", "reminder_2", "auto_close") if action in done]
    assert done[-1] == "auto_close"


def _did(request: OpenHandover, action: Action, now: datetime) -> OpenHandover:
    match action:
        case "reminder_1":
            return replace(request, reminder_1_sent_at=now)
        case "reminder_2":
            return replace(request, reminder_2_sent_at=now)
        case "auto_close":
            return replace(request, status="timeout")


@settings(deadline=None)
@given(st.integers(0, 20_000), st.integers(1, 600))
def test_the_look_comes_due_at_the_microsecond_that_completes_the_minutes(begins: int, minutes: int) -> None:
    timeouts = Timeouts(minutes, minutes + 1000, minutes + 2000)
    request = OpenHandover(after(begins))
    look = due_at(OFFICE, request.created_at, minutes)

    assert look
    assert due(request, timeouts, OFFICE, look) == "reminder_1"
    assert due(request, timeouts, OFFICE, look - timedelta(microseconds=1)) is None
