"""What was enqueued and is not true any more when it would be sent."""

from datetime import datetime, timedelta

import pytest

from tests.functions.remind_participants.world import MOSCOW, School


@pytest.fixture
async def now(school: School) -> datetime:
    """A moment at which Anna was reminded of a session, a healing session, an event and an assignment of tomorrow's."""
    school.connection.execute("update courses.school set quiet_from = '00:00', quiet_to = '00:00'")
    anna = school.participant()
    now = datetime.now(MOSCOW)
    soon = now + timedelta(hours=20)
    school.session(soon.date(), soon.time())
    healing = school.insert("healing_sessions", date=soon.date(), time_start=soon.time())
    school.insert("healing_signups", healing_session_id=healing, user_id=anna, state="signed")
    school.insert("events", title="Встреча", start_date=soon.date(), start_time=soon.time())
    assert await school.remind(now) == 3
    assert school.standing() == 3
    return now


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    "change",
    [
        "update courses.sessions set cancelled_at = now()",
        "update courses.sessions set start_time = start_time + interval '1 minute'",
        "update courses.sessions set start_date = start_date + 1",
        "update courses.healing_signups set state = 'cancelled'",
        "update courses.healing_sessions set cancelled_at = now()",
        "update courses.events set start_date = start_date - 3",
        "delete from courses.events",
        "insert into courses.reminder_opt_outs select id, 'event' from courses.users",
        (
            "insert into courses.announced_absences (session_id, user_id)"
            " select s.id, u.id from courses.sessions s, courses.users u"
        ),
    ],
)
async def test_one_reminder_falls_when_what_it_is_about_has_changed(school: School, change: str) -> None:
    school.connection.execute(change.encode())

    assert school.standing() == 2


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    "change",
    [
        "insert into courses.user_flags select id, false from courses.users",
        "update courses.consents set withdrawn_at = now()",
        "update courses.users set telegram_id = 1",
        "delete from courses.participants; update courses.users set role = 'admin'",
    ],
)
async def test_all_fall_when_somebody_is_out_of_reach(school: School, change: str) -> None:
    school.connection.execute(change.encode())

    assert school.standing() == 0


async def test_a_reminder_falls_when_the_thing_has_begun(school: School, now: datetime) -> None:
    late = now - timedelta(hours=2)
    school.session(late.date(), late.time())

    assert await school.remind(late - timedelta(minutes=30)) == 1

    assert school.standing() == 3


async def test_what_was_handed_in_is_not_reminded_of(school: School) -> None:
    school.connection.execute("update courses.school set quiet_from = '00:00', quiet_to = '00:00'")
    anna, noon = school.participant(), datetime.now(MOSCOW).replace(hour=12, minute=0, second=0, microsecond=0)
    assignment = school.insert("assignments", title="Эссе", due_date=noon.date() + timedelta(days=1))
    assert await school.remind(noon) == 1
    assert school.standing() == 1

    school.insert("submissions", returning="user_id", assignment_id=assignment, user_id=anna, body="Готово")

    assert school.standing() == 0
