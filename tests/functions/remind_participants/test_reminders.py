"""Who is reminded of what, and when, by a clock that the tests set."""

import asyncio
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.remind_participants import run
from tests.functions.remind_participants.world import DAY, MORNING, NOON, TEN, School, at

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


async def test_a_session_is_told_a_day_and_an_hour_before_once_each(school: School) -> None:
    anna = school.participant()
    school.session(clock=time(19))

    assert await school.remind(at(BEFORE, time(18, 59))) == 0
    assert await school.remind(at(BEFORE, time(19, 0))) == 1
    assert await school.remind(at(DAY, time(17, 59))) == 0
    assert await school.remind(at(DAY, time(18, 10))) == 1
    assert await school.remind(at(DAY, time(18, 25))) == 0

    assert school.reminded() == [(anna, "session/day"), (anna, "session/hour")]


async def test_a_session_without_a_time_is_told_at_noon_of_the_day_before(school: School) -> None:
    anna = school.participant()
    school.session(clock=None)

    assert await school.remind(at(BEFORE, time(11, 59))) == 0
    assert await school.remind(at(BEFORE, NOON)) == 1
    assert await school.remind(at(DAY, time(11))) == 0

    assert school.reminded() == [(anna, "session/day")]


async def test_whoever_comes_late_is_told_once(school: School) -> None:
    school.session()

    anna = school.participant()
    assert await school.remind(at(DAY, time(9, 15))) == 1

    assert school.reminded() == [(anna, "session/hour")]


async def test_only_those_of_the_session_are_told(school: School) -> None:
    first, second = (school.insert("streams", title=title) for title in ("Первый", "Второй"))
    anna, boris = school.participant(first), school.participant(first)
    school.participant(second)
    school.participant(first, role="curator")
    session = school.session(stream_id=first)
    school.insert("announced_absences", returning="user_id", session_id=session, user_id=boris)

    await school.remind(at(BEFORE, NOON))

    assert [who for who, _ in school.reminded()] == [anna]


@pytest.mark.parametrize("column", ["telegram", "consent", "flag", "kind"])
async def test_nobody_is_told_who_cannot_be_or_does_not_want_to(school: School, column: str) -> None:
    anna = school.participant(agreed=column != "consent", **({"telegram_id": None} if column == "telegram" else {}))
    if column == "flag":
        school.insert("user_flags", returning="user_id", user_id=anna, notify_enabled=False)
    if column == "kind":
        school.insert("reminder_opt_outs", returning="user_id", user_id=anna, kind="session")
    school.session()
    school.insert("events", title="Встреча", start_date=DAY)

    await school.remind(at(BEFORE, NOON))

    assert [what for _, what in school.reminded()] == (["event/day"] if column == "kind" else [])


async def test_whoever_has_closed_the_chat_is_told_when_they_are_back(school: School) -> None:
    anna = school.participant()
    school.session()
    school.connection.execute(
        "insert into platform.lanes (bot_id, lane, blocked_at, blocked_class)"
        " select %s, telegram_id, now(), 'blocked' from courses.users where id = %s",
        (school.bot, anna),
    )
    assert await school.remind(at(BEFORE, NOON)) == 0

    school.connection.execute("update platform.lanes set blocked_at = null, blocked_class = null")

    assert await school.remind(at(BEFORE, NOON)) == 1


async def test_quiet_hours_defer_and_what_has_begun_is_not_told(school: School) -> None:
    anna = school.participant()
    school.session(clock=time(8, 30))  # the hour before is at half past seven, in the quiet hours

    assert await school.remind(at(BEFORE, time(8, 45))) == 0
    assert await school.remind(at(BEFORE, time(9))) == 1
    assert await school.remind(at(DAY, time(7, 45))) == 0
    assert await school.remind(at(DAY, time(9))) == 0

    assert school.reminded() == [(anna, "session/day")]


async def test_a_moved_session_is_told_anew_and_a_cancelled_one_not(school: School) -> None:
    anna = school.participant()
    session = school.session()
    assert await school.remind(at(BEFORE, TEN)) == 1

    school.connection.execute("update courses.sessions set start_time = '12:00' where id = %s", (session,))
    await school.remind(at(BEFORE, time(11)))  # that it was moved
    assert len(school.reminded()) == 1
    assert await school.remind(at(BEFORE, NOON)) == 1
    school.connection.execute("update courses.sessions set cancelled_at = now() where id = %s", (session,))
    await school.remind(at(DAY, time(11, 15)))

    assert school.reminded() == [(anna, "session/day")] * 2


async def test_a_healing_session_is_told_to_those_who_are_signed_up(school: School) -> None:
    healing = school.insert("healing_sessions", date=DAY, time_start=TEN)
    people = {state: school.participant() for state in ("signed", "waiting", "cancelled", "offered")}
    for state, user in people.items():
        offer_until = at(DAY, NOON) if state == "offered" else None
        signup: dict[str, Any] = {
            "healing_session_id": healing,
            "user_id": user,
            "state": state,
            "offer_until": offer_until,
        }
        school.insert("healing_signups", **signup)

    await school.remind(at(BEFORE, NOON))
    await school.remind(at(DAY, MORNING))

    assert school.reminded() == [(people["signed"], "healing/day"), (people["signed"], "healing/hour")]


async def test_a_place_that_was_not_taken_is_offered_to_the_next(school: School) -> None:
    healing = school.insert("healing_sessions", date=DAY, time_start=NOON, capacity=1)
    first, second = (
        school.insert("healing_signups", healing_session_id=healing, user_id=school.participant(), state="waiting")
        for _ in range(2)
    )

    for now in (at(BEFORE, NOON), at(DAY, time(8)), at(DAY, time(9))):
        await school.remind(now)

    found = school.connection.execute("select dedup_key from platform.outbox order by id").fetchall()
    offers = [row["dedup_key"].rsplit("/", 1)[0] for row in found if row["dedup_key"].startswith("courses/offer")]
    assert offers == [f"courses/offer/{first}", f"courses/offer/{second}"]


async def test_an_event_is_told_to_all_participants_a_day_before(school: School) -> None:
    people = [school.participant(), school.participant()]
    school.person(role="admin")
    school.insert("events", title="Встреча", start_date=DAY, start_time=time(18))

    assert await school.remind(at(BEFORE, time(17))) == 0
    await school.remind(at(BEFORE, time(18)))

    assert school.reminded() == [(who, "event/day") for who in people]


async def test_an_assignment_is_told_before_it_is_due_and_asked_for_afterwards(school: School) -> None:
    anna, boris, vera = (school.participant() for _ in range(3))
    assignment = school.insert("assignments", title="Эссе", due_date=DAY)
    school.insert("submissions", returning="user_id", assignment_id=assignment, user_id=boris, body="Готово")

    assert await school.remind(at(BEFORE, MORNING)) == 0
    assert await school.remind(at(BEFORE, NOON)) == 2
    school.insert("submissions", returning="user_id", assignment_id=assignment, user_id=vera, body="Готово")
    assert await school.remind(at(AFTER, MORNING)) == 0
    assert await school.remind(at(AFTER, NOON)) == 1
    assert await school.remind(at(AFTER, time(20))) == 0

    expected = [(anna, "assignment/day"), (vera, "assignment/day"), (anna, "homework/day")]
    assert school.reminded() == expected


async def test_nobody_is_asked_for_what_was_due_before_they_came_or_long_ago_or_was_withdrawn(school: School) -> None:
    school.participant()
    newcomer = school.person()
    school.insert("participants", user_id=newcomer, created_at=at(AFTER, time(1)))
    school.insert("assignments", title="Давнее", due_date=DAY - timedelta(days=3))
    school.insert("assignments", title="Отозванное", due_date=DAY, withdrawn_at=at(DAY, NOON))
    assert await school.remind(at(AFTER, NOON)) == 0

    school.insert("assignments", title="Эссе", due_date=DAY)

    assert await school.remind(at(AFTER, NOON)) == 1


async def test_two_runs_at_once_tell_everybody_once(school: School) -> None:
    people = [school.participant() for _ in range(7)]
    school.session()

    done = await asyncio.gather(*(school.remind(at(BEFORE, NOON), most=2) for _ in range(2)))

    assert sum(done) == len(people)
    assert sorted(who for who, _ in school.reminded()) == people


async def test_a_run_without_time_says_that_something_remains(school: School) -> None:
    school.participant()
    school.session()

    assert await run.run(school.database, 0, "c" * 32, at(BEFORE, NOON)) == {"done": 0, "remaining": 1, "offered": 0}


@pytest.mark.parametrize(("day", "hours"), [("2031-03-30", 23), ("2031-10-26", 25)])
async def test_a_day_before_is_the_same_time_of_day_when_clocks_change(school: School, day: str, hours: int) -> None:
    """In Berlin: the day is an hour shorter or longer."""
    school.connection.execute("update courses.school set timezone = 'Europe/Berlin'")
    school.participant()
    moment = at(DAY.fromisoformat(day), TEN, ZoneInfo("Europe/Berlin"))
    school.session(moment.date())
    begins = moment.timestamp()

    early = moment.fromtimestamp(begins - hours * 3600 - 60, moment.tzinfo)
    assert await school.remind(early) == 0
    assert await school.remind(early + timedelta(minutes=1)) == 1
    assert await school.remind(moment.fromtimestamp(begins - 3660, moment.tzinfo)) == 0
    assert await school.remind(moment.fromtimestamp(begins - 3600, moment.tzinfo)) == 1


async def test_a_school_without_a_bot_reminds_nobody(school: School) -> None:
    school.participant()
    school.session()
    school.connection.execute("update courses.school set bot_id = null")

    assert await school.remind(at(BEFORE, NOON)) == 0
