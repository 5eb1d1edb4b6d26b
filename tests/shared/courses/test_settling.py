"""What becomes of sign-ups as time goes by: offers end, the next one is asked, and what is cancelled is told."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from shared.courses import healing
from shared.database.pool import Database
from shared.delivery.enqueue import Message
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import NOON, TODAY, School, Somebody

EVENING = datetime.combine(TODAY, datetime.min.time(), NOON) + timedelta(hours=18)
NIGHT = EVENING + timedelta(hours=5)


@dataclass
class Settling:
    """A school whose clock the test sets."""

    school: School
    runner: asyncio.Runner
    database: Database

    def session(self, hours: float, capacity: int | None, **columns: Any) -> int:
        """A healing session that begins so many hours after the evening."""
        begins = EVENING + timedelta(hours=hours)
        values = {"date": begins.date(), "time_start": begins.time(), "capacity": capacity, **columns}
        return self.school.insert("healing_sessions", **values)

    def waiting(self, session: int, count: int = 1, state: str = "waiting") -> list[Somebody]:
        """People who came one after the other."""
        people = [self.school.participant() for _ in range(count)]
        for somebody in people:
            self.school.insert("healing_signups", healing_session_id=session, user_id=somebody.user, state=state)
        return people

    def settle(self, session: int, now: datetime) -> list[Message]:
        """What is to be told."""
        return self.runner.run(self._settle(session, now))

    async def _settle(self, session: int, now: datetime) -> list[Message]:
        async with self.database.transaction() as connection:
            return await healing.settle(connection, [session], now)

    def due(self) -> list[int]:
        """What there is to settle."""
        return self.runner.run(self._due())

    async def _due(self) -> list[int]:
        async with self.database.connection() as connection:
            return await healing.due(connection, TODAY)

    def states(self, session: int) -> list[str]:
        """In the order of coming."""
        query = "select state::text as state from courses.healing_signups where healing_session_id = %s order by id"
        return [row["state"] for row in rows(self.school.connection, query, session)]


@pytest.fixture(scope="module")
def settling(module_direct_url: str, module_database_url: str) -> Iterator[Settling]:
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        asyncio.Runner() as runner,
    ):
        database = Database(module_database_url)
        yield Settling(School(connection, ""), runner, database)
        runner.run(database.close())


def test_as_many_are_asked_as_there_are_places(settling: Settling) -> None:
    session = settling.session(10, capacity=2)
    people = settling.waiting(session, 3)

    messages = settling.settle(session, EVENING)

    assert [message.chat_id for message in messages] == [somebody.telegram_id for somebody in people[:2]]
    assert settling.states(session) == ["offered", "offered", "waiting"]
    assert {message.delay_seconds for message in messages} == {0}
    assert settling.settle(session, EVENING) == []


def test_without_a_limit_everybody_gets_a_place(settling: Settling) -> None:
    session = settling.session(10, capacity=None)
    settling.waiting(session, 3)

    assert len(settling.settle(session, EVENING)) == 3


def test_an_offer_made_in_the_night_is_sent_in_the_morning(settling: Settling) -> None:
    session = settling.session(24, capacity=1)
    settling.waiting(session)

    [message] = settling.settle(session, NIGHT)

    assert NIGHT + timedelta(seconds=message.delay_seconds) == NIGHT.replace(hour=9) + timedelta(days=1)
    assert "до" in message.payload["text"]
    assert "13:30 (время школы)" in message.payload["text"]  # half of nine hours


def test_an_offer_that_was_not_taken_in_time_goes_to_the_next(settling: Settling) -> None:
    session = settling.session(3, capacity=1)
    first, second = settling.waiting(session, 2)

    [offered] = settling.settle(session, EVENING)
    assert settling.settle(session, EVENING + timedelta(hours=1)) == []
    [next_offered] = settling.settle(session, EVENING + timedelta(hours=1, minutes=30))

    assert (offered.chat_id, next_offered.chat_id) == (first.telegram_id, second.telegram_id)
    assert settling.states(session) == ["expired", "offered"]
    assert offered.dedup_key != next_offered.dedup_key


def test_nobody_waits_for_what_has_begun(settling: Settling) -> None:
    session = settling.session(1, capacity=1)
    settling.waiting(session, state="signed")
    settling.waiting(session)
    assert session in settling.due()

    assert settling.settle(session, EVENING + timedelta(hours=1)) == []

    assert settling.states(session) == ["signed", "expired"]
    assert session not in settling.due()


def test_what_is_cancelled_is_told_once_to_whoever_counted_on_it(settling: Settling) -> None:
    session = settling.session(10, capacity=1, cancelled_at=EVENING)
    people = settling.waiting(session, state="signed") + settling.waiting(session)
    assert session in settling.due()

    messages = settling.settle(session, EVENING)

    assert sorted(message.chat_id or 0 for message in messages) == [somebody.telegram_id for somebody in people]
    assert all("отменена" in message.payload["text"] for message in messages)
    assert settling.states(session) == ["cancelled", "cancelled"]
    assert settling.settle(session, EVENING) == []
    assert session not in settling.due()


def test_what_is_moved_is_told_once_to_whoever_counts_on_it(settling: Settling) -> None:
    session = settling.session(10, capacity=1)
    signed, waiting = settling.waiting(session, state="signed"), settling.waiting(session)
    told = "update courses.healing_signups set told_date = %s, told_time = '10:00' where healing_session_id = %s"
    settling.school.connection.execute(told, (TODAY, session))
    settling.waiting(session, state="cancelled")
    assert session in settling.due()

    messages = settling.settle(session, EVENING)

    assert sorted(message.chat_id or 0 for message in messages) == [
        somebody.telegram_id for somebody in signed + waiting
    ]
    assert all("перенесена" in message.payload["text"] for message in messages)
    assert all("10:00\nТеперь: " in message.payload["text"] for message in messages)
    assert settling.settle(session, EVENING) == []


def test_a_smaller_number_of_places_throws_nobody_out(settling: Settling) -> None:
    session = settling.session(10, capacity=3)
    settling.waiting(session, 2, state="signed")
    settling.school.connection.execute("update courses.healing_sessions set capacity = 1 where id = %s", (session,))
    settling.waiting(session)

    assert settling.settle(session, EVENING) == []
    assert settling.states(session) == ["signed", "signed", "waiting"]


def test_who_has_no_account_any_more_is_passed_over(settling: Settling) -> None:
    session = settling.session(10, capacity=1)
    gone, present = settling.waiting(session, 2)
    settling.school.connection.execute("update courses.users set telegram_id = null where id = %s", (gone.user,))

    [message] = settling.settle(session, EVENING)

    assert message.chat_id == present.telegram_id
