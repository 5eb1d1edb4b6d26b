"""Deadlines that come near."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.remind_deadlines import deadlines
from shared.database.pool import Database
from tests.helpers import arrange

TRAINING, LESSON = "911000001", "334000001"


@pytest.fixture
def school(connection: psycopg.Connection[DictRow]) -> dict[str, int]:
    """A lesson due in ten hours, a mentor, and two students of whom nobody answered."""
    arrange.bot(connection)
    mentor = arrange.mentor(connection, email="mentor@example.com", telegram_id=700_000_101)
    students = [
        arrange.student(connection, getcourse_id=f"51200000{n}", first_name="Ученица", last_name=f"Номер-{n}")
        for n in (1, 2)
    ]
    for student in students:
        arrange.mapping(connection, student, mentor, TRAINING)
    connection.execute(
        "insert into getcourse.lessons (getcourse_id, training_id, lesson_title, deadline_at)"
        " values (%s, %s, 'Первые шаги', now() + interval '10 hours')",
        (LESSON, TRAINING),
    )
    return {"mentor": mentor, "first": students[0], "second": students[1]}


async def remind(database: Database) -> int:
    async with database.transaction() as connection:
        return await deadlines.remind(connection, "c" * 32)


def messages(connection: psycopg.Connection[Any]) -> list[str]:
    return [
        row["text"] for row in connection.execute("select payload ->> 'text' as text from platform.outbox").fetchall()
    ]


@pytest.mark.usefixtures("school")
async def test_a_mentor_hears_once_who_has_not_answered(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    assert await remind(database) == 1
    assert await remind(database) == 0

    [text] = messages(connection)
    assert "Первые шаги" in text
    assert "Не сдали (2)" in text
    assert "Номер-1" in text
    assert "Номер-2" in text
    [row] = connection.execute("select type, outbox_id from getcourse.notifications").fetchall()
    assert row["type"] == "deadlineApproaching"
    assert row["outbox_id"] is not None


@pytest.mark.usefixtures("school")
async def test_who_has_answered_is_not_named(database: Database, connection: psycopg.Connection[DictRow]) -> None:
    arrange.event(connection, user_id="512000001", answer_id="1", answer_lesson_id=LESSON)

    await remind(database)

    [text] = messages(connection)
    assert "Не сдали (1)" in text
    assert "Номер-1" not in text


@pytest.mark.usefixtures("school")
async def test_a_moved_deadline_is_told_again_and_a_far_one_not(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    await remind(database)
    connection.execute("update getcourse.lessons set deadline_at = now() + interval '3 days'")
    assert await remind(database) == 0

    connection.execute("update getcourse.lessons set deadline_at = now() + interval '20 hours'")

    assert await remind(database) == 1
    assert len(messages(connection)) == 2
