"""Deadlines that come near."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.remind_deadlines import deadlines
from functions.remind_deadlines.deadlines import Deadline
from shared.database.pool import Database
from shared.i18n.texts import Language
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
async def test_five_runs_at_once_tell_a_mentor_once(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    told = await asyncio.gather(*(remind(database) for _ in range(5)))

    assert sum(told) == 1
    assert len(messages(connection)) == 1


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


@pytest.mark.usefixtures("school")
async def test_the_school_chooses_language_and_time_zone(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.source(connection, language="en", timezone="UTC")

    await remind(database)

    [text] = messages(connection)
    [row] = connection.execute("select deadline_at from getcourse.lessons").fetchall()
    deadline = row["deadline_at"].astimezone(UTC)
    assert text.splitlines() == [
        f"⏰ <b>Deadline soon: {deadline.day} {deadline:%b %Y %H:%M}</b>",
        "Lesson: Первые шаги",
        "",
        "Have not handed in their work (2). Please remind them:",
        "• Ученица Номер-1",
        "• Ученица Номер-2",
    ]


DEADLINE = Deadline(
    mentor_id=1, telegram_id=2, lesson_id="3", training_id="4", module_number=1, module_title="Старт", lesson_number=2,
    lesson_title="Цели", deadline_at=datetime(2026, 1, 15, 11, 36, tzinfo=UTC),
    students=[f"Ученица {n}" for n in range(22)], training_title="Основы", timezone="Europe/Moscow", language="ru",
    bot_id=5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "head", "last"),
    [
        (
            "ru",
            ["⏰ <b>Скоро дедлайн: 15.01.2026 14:36</b>", "Курс: Основы", "Урок: 1.2 Старт → Цели", "",
             "Не сдали (22). Напомните им:", "• Ученица 0"],
            "… и ещё 2",
        ),
        (
            "en",
            ["⏰ <b>Deadline soon: 15 Jan 2026 14:36</b>", "Course: Основы", "Lesson: 1.2 Старт → Цели", "",
             "Have not handed in their work (22). Please remind them:", "• Ученица 0"],
            "… and 2 more",
        ),
    ],
)  # fmt: skip
def test_a_reminder_names_course_lesson_and_students(language: Language, head: list[str], last: str) -> None:
    lines = deadlines.text(replace(DEADLINE, language=language)).split("\n")

    assert lines[:6] == head
    assert lines[-1] == last
    assert len(lines) == 26
