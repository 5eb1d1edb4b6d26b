"""Whoever changes their client may press with any data: a thousand such presses write nothing, and each is answered."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from functions.telegram_webhook.courses.handler import react
from functions.telegram_webhook.updates.events import MessageRef, Press
from shared.database.pool import Database
from shared.support.actor import Actor
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School, Somebody

TABLES = (
    "attendance", "payments", "users", "participants", "consents", "user_flags", "invitations", "sessions", "topics",
    "session_days", "events", "healing_sessions", "materials", "assignments", "submissions", "homework_delivery",
    "healing_signups", "announced_absences", "match_requests", "broadcasts",
)  # fmt: skip
SCREENS = st.sampled_from([
    "attendance", "payments", "held_sessions", "unmarked", "teaching", "records", "form", "homework", "submissions",
    "sheets", "match", "broadcast", "broadcast_to", "broadcast_time",
])  # fmt: skip
ACTIONS = st.sampled_from(["open", "mark", "all", "minutes", "new", "save", "ended", "restore", "send", "files", "yes",
                           "no", "cancel", "delete", "now", "role", "morning"])  # fmt: skip
VALUES = st.sampled_from(["p", "a", "l", "0", "1", "5", "x"])
JUNK = st.one_of(
    st.none(), st.integers(), st.text(max_size=70),
    st.from_regex(r"courses:(home|schedule|attendance|gone):[a-z]{0,12}:[0-9a-z.]{0,42}", fullmatch=True),
)  # fmt: skip


@dataclass
class Forgery:
    """A school in which nobody of `forgers` may do what they press; ids of sessions and people that are there."""

    school: School
    runner: asyncio.Runner
    database: Database
    forgers: list[Somebody]
    curator: Somebody
    sessions: list[int]
    closed: list[int]  # nobody marks these: cancelled, or still to come
    people: list[int]
    outsider: int
    request: int  # of an account that nobody knows
    unknown: int  # who it may be
    updates: int = 0

    def press(self, presses: Sequence[tuple[Somebody, Any]]) -> None:
        """Press, as the function would process it; each is answered."""
        self.runner.run(self._press(presses))

    async def _press(self, presses: Sequence[tuple[Somebody, Any]]) -> None:
        async with self.database.transaction() as connection:
            for by, data in presses:
                self.updates += 1
                ref = MessageRef(by.telegram_id, 500)
                press = Press(800_000_000 + self.updates, "1", ref, data, Actor("x", by.telegram_id))
                reaction = await react(connection, self.school.bot, press)
                assert reaction.linked_messages

    def state(self) -> list[dict[str, Any]]:
        all_of = (f"select '{table}' as name, t::text as row from courses.{table} t" for table in TABLES)
        return rows(self.school.connection, f"{' union all '.join(all_of)} order by 1, 2")


@pytest.fixture(scope="module")
def forgery(module_direct_url: str, module_database_url: str) -> Iterator[Forgery]:
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        asyncio.Runner() as runner,
    ):
        school = School(connection, "")
        stream, today = school.insert("streams", title="Поток"), datetime.now(UTC).date() - timedelta(days=1)
        people = [school.participant(stream=stream) for _ in range(3)]
        former = school.person("curator")
        connection.execute("update courses.users set role = 'user' where id = %s", (former.user,))
        sessions = [school.insert("sessions", start_date=today, stream_id=stream) for _ in range(2)]
        closed = [
            school.insert("sessions", start_date=today, stream_id=stream, cancelled_at=datetime.now(UTC)),
            school.insert("sessions", start_date=today + timedelta(days=9), stream_id=stream),
        ]
        school.insert("broadcasts", title="Черновик", audience="all")  # with the number of a session
        database = Database(module_database_url)
        yield Forgery(
            school, runner, database, [*people, former, school.person(agreed=False), school.stranger()],
            school.person("curator"), sessions, closed, [somebody.user or 0 for somebody in people],
            school.participant().user or 0, school.insert("match_requests", telegram_id=7_400_000_000, written="Ким"),
            school.insert("users", full_name="Ким"),
        )  # fmt: skip
        runner.run(database.close())


@settings(max_examples=50)
@given(data=st.data(), presses=st.lists(st.tuples(SCREENS, ACTIONS, VALUES), min_size=10, max_size=10))
def test_who_is_no_staff_marks_nothing(
    forgery: Forgery, data: st.DataObject, presses: list[tuple[str, str, str]]
) -> None:
    before, forged = forgery.state(), []
    sessions, users = [*forgery.sessions, *forgery.closed, 10**17], [*forgery.people, forgery.outsider]

    for screen, action, value in presses:
        session, user = data.draw(st.sampled_from(sessions)), data.draw(st.sampled_from(users))
        arguments = [
            f"{session}.{user}.{value}.0", f"{session}", f"{session}.0.all", f"sessions.{session}", "topics",
            f"{forgery.request}.{forgery.unknown}", f"{forgery.request}",
        ]  # fmt: skip
        argument = data.draw(st.sampled_from(arguments))
        forged.append((data.draw(st.sampled_from(forgery.forgers)), f"courses:{screen}:{action}:{argument}"))
    forgery.press(forged)

    assert forgery.state() == before


@settings(max_examples=50)
@given(data=st.data(), junk=st.lists(JUNK, min_size=6, max_size=6), values=st.lists(VALUES, min_size=4, max_size=4))
def test_a_curator_marks_nobody_off_the_roster_and_no_session_that_is_not_held(
    forgery: Forgery, data: st.DataObject, junk: list[Any], values: list[str]
) -> None:
    before, forged = forgery.state(), [(forgery.curator, pressed) for pressed in junk]

    for value in values:
        off = data.draw(st.sampled_from([forgery.outsider, forgery.curator.user, 10**17]))
        pairs = [(forgery.sessions[0], off), *((closed, forgery.people[0]) for closed in forgery.closed), (10**17, off)]
        session, user = data.draw(st.sampled_from(pairs))
        screen = "payments" if value in "01" else "attendance"
        forged.append((forgery.curator, f"courses:{screen}:mark:{session}.{user}.{value}.0"))
    forgery.press(forged)

    assert forgery.state() == before
