"""What participants know of was moved or cancelled: they hear of it once, and are reminded of what holds."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from functions.remind_participants import run
from shared.database import sql
from tests.conftest import rows
from tests.functions.remind_participants.world import DAY, FACTS, NOON, TEN, School, at

LONG_BEFORE = DAY - timedelta(days=9)  # nobody is reminded yet
GUARD = sql.load("functions/dispatch_notifications/outbox/guards.py")["courses_change"]
NEW_DAY = DAY + timedelta(days=2)


def noon(day: date = LONG_BEFORE) -> datetime:
    return at(day, NOON)


def change(school: School, table: str = "sessions", **columns: Any) -> None:
    """What staff do with all there are."""
    names = ", ".join(f"{name} = %s" for name in columns)
    school.connection.execute(f"update courses.{table} set {names}".encode(), tuple(columns.values()))


def lines_read(school: School) -> list[str]:
    """The lines of what people read, but for the title."""
    return [text.replace("<b>Опоры</b>\n", "").replace("\n\n", "\n") for text in school.texts()]


def standing(school: School) -> int:
    """How many of the messages would still be sent now."""
    facts = [row["facts"] for row in rows(school.connection, FACTS)]
    return len(facts) - len(school.connection.execute(GUARD, {"facts": Jsonb(facts)}).fetchall())


async def test_a_moved_session_is_told_once_and_reminded_of_at_its_new_time(school: School) -> None:
    anna = school.participant()
    school.session()
    assert await school.remind(noon()) == 0  # it is new: whoever looks at the schedule knows it

    change(school, start_date=NEW_DAY, start_time=time(19))
    assert [await school.remind(noon()) for _ in range(2)] == [1, 0]

    assert [text.splitlines() for text in lines_read(school)] == [[
        "🔁 <b>Занятие перенесено</b>", "Было: пт, 7 марта, 10:00", "Теперь: вс, 9 марта, 19:00",
        "<i>Время школы: Europe/Moscow, UTC+3</i>",
    ]]  # fmt: skip
    assert await school.remind(at(DAY - timedelta(days=1), TEN)) == 0
    assert await school.remind(at(NEW_DAY - timedelta(days=1), time(19))) == 1
    assert school.reminded() == [(anna, "session/day")]


async def test_each_further_change_is_told_also_back_to_what_it_was(school: School) -> None:
    school.participant()
    school.session()
    await school.remind(noon())

    for columns in ({"start_time": NOON}, {"start_time": TEN}, {"start_time": NOON}, {"cancelled_at": noon()},
                    {"cancelled_at": None}):  # fmt: skip
        change(school, **columns)
        assert await school.remind(noon()) == 1

    heads = [text.splitlines()[0] for text in lines_read(school)]
    assert heads == ["🔁 <b>Занятие перенесено</b>"] * 3 + [
        "❌ <b>Занятие отменено</b>", "✅ <b>Занятие всё-таки состоится</b>"
    ]  # fmt: skip
    assert [text.splitlines()[1] for text in lines_read(school)[3:]] == ["пт, 7 марта, 12:00"] * 2


async def test_what_was_undone_corrected_while_cancelled_or_is_over_is_not_told(school: School) -> None:
    school.participant()
    school.session()
    await school.remind(noon())

    change(school, start_time=NOON)
    change(school, start_time=TEN)
    assert await school.remind(noon()) == 0
    change(school, title="Другое имя")
    assert await school.remind(noon()) == 0
    change(school, cancelled_at=noon())
    assert await school.remind(noon()) == 1
    change(school, start_date=NEW_DAY)
    assert await school.remind(noon()) == 0
    change(school, cancelled_at=None)
    assert await school.remind(noon(NEW_DAY + timedelta(days=1))) == 0
    change(school, start_time=NOON)
    assert await school.remind(noon(NEW_DAY + timedelta(days=1))) == 0


async def test_an_event_is_told_to_all_participants_in_english_as_well(school: School) -> None:
    people = [school.participant(), school.participant()]
    school.person(role="admin")
    school.insert("events", title="Опоры", start_date=DAY)
    school.connection.execute("update courses.school set language = 'en'")
    await school.remind(noon())

    change(school, "events", start_date=NEW_DAY)

    assert await school.remind(noon()) == len(people)
    assert lines_read(school) == ["🔁 <b>An event was moved</b>\nIt was: Fr, 7 March\nNow: Su, 9 March"] * 2


@pytest.mark.parametrize("column", ["telegram", "consent", "flag", "kind", "stream", "staff", "blocked"])
async def test_only_those_hear_of_it_who_take_part_and_want_to(school: School, column: str) -> None:
    streams = [school.insert("streams", title=title) for title in ("Первый", "Второй")]
    boris = school.participant(streams[0])
    anna = school.participant(
        streams[column == "stream"], agreed=column != "consent",
        **({"telegram_id": None} if column == "telegram" else {}), **({"role": "curator"} if column == "staff" else {}),
    )  # fmt: skip
    if column == "flag":
        school.insert("user_flags", returning="user_id", user_id=anna, notify_enabled=False)
    if column == "kind":
        school.insert("reminder_opt_outs", returning="user_id", user_id=anna, kind="session")
    if column == "blocked":
        school.connection.execute(
            "insert into platform.lanes (bot_id, lane, blocked_at, blocked_class)"
            " select %s, telegram_id, now(), 'blocked' from courses.users where id = %s",
            (school.bot, anna),
        )
    school.session(stream_id=streams[0])
    await school.remind(noon())

    change(school, cancelled_at=noon())
    await school.remind(noon())

    whom = "select (guard ->> 'user_id')::bigint as who from platform.outbox"
    assert [row["who"] for row in rows(school.connection, whom)] == [boris]


async def test_quiet_hours_defer_unless_it_would_be_too_late_then(school: School) -> None:
    school.participant()
    early, late = school.session(clock=time(8, 30)), school.session(DAY, time(20))
    await school.remind(noon())
    change(school, cancelled_at=noon())
    night = at(DAY - timedelta(days=1), time(23))

    assert await school.remind(night) == 1
    assert await school.remind(at(DAY, time(9))) == 1

    told_of = [row["guard"]["subject_id"] for row in rows(school.connection, "select guard from platform.outbox")]
    assert told_of == [early, late]


async def test_two_runs_at_once_tell_everybody_once(school: School) -> None:
    people = [school.participant() for _ in range(5)]
    school.session()
    await school.remind(noon())
    change(school, cancelled_at=noon())

    await asyncio.gather(*(school.remind(noon()) for _ in range(3)))

    assert len(lines_read(school)) == len(people)


async def test_a_run_without_time_says_that_somebody_does_not_know_yet(school: School) -> None:
    school.participant()
    school.session()
    await school.remind(noon())
    change(school, cancelled_at=noon())

    report = await run.run(school.database, 0, "c" * 32, noon())
    assert report == {"done": 1, "remaining": 2, "offered": 0}
    assert await school.remind(noon()) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update courses.sessions set start_time = '11:00'",
        "update courses.sessions set cancelled_at = null",
        "delete from courses.participants; update courses.users set role = 'admin'",
        "insert into courses.reminder_opt_outs select id, 'session' from courses.users",
        'update platform.outbox set guard = guard || \'{"until": "2020-01-01 12:00:00+00"}\'',
    ],
)
async def test_what_does_not_hold_any_more_is_not_sent(school: School, statement: str) -> None:
    school.participant()
    school.session()
    await school.remind(noon())
    change(school, cancelled_at=noon())
    await school.remind(noon())
    assert standing(school) == 1

    school.connection.execute(statement.encode())

    assert standing(school) == 0
