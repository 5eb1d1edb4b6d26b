"""Curators mark a session on one card: all were there, then the exceptions."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody


@dataclass(frozen=True)
class Lesson:
    """A session of a stream of its own, with its roster."""

    school: School
    id: int
    stream: int
    people: Sequence[Somebody]

    def marks(self) -> list[str | None]:
        """What is noted of each, in the roster's order."""
        query = "select user_id, status::text from courses.attendance where session_id = %s"
        noted = {row["user_id"]: row["status"] for row in rows(self.school.connection, query, self.id)}
        return [noted.get(somebody.user) for somebody in self.people]

    def press(self, by: Somebody, user: int | None, letter: str) -> str:
        """Mark somebody."""
        return self.school.press(by, f"courses:attendance:mark:{self.id}.{user}.{letter}.0")


def lesson(school: School, count: int = 3, **columns: Any) -> Lesson:
    stream = school.insert("streams", title="Поток <1>")
    values = {"title": "Тема", "start_date": TODAY, "stream_id": stream, **columns}
    people = [school.participant(stream=stream, full_name=f"Участник {number:02}") for number in range(count)]
    return Lesson(school, school.insert("sessions", **values), stream, people)


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    return school.person("curator", full_name="Куратор")


def test_forty_people_with_five_absent_take_eight_presses(school: School, curator: Somebody) -> None:
    of = lesson(school, 40)
    presses = 0

    def press(starts_with: str) -> None:
        nonlocal presses
        presses += 1
        buttons = school.buttons(curator)
        school.press(curator, next(data for text, data in buttons.items() if text.startswith(starts_with)))

    school.press(curator, "courses:held_sessions:open:0")
    school.connection.execute("update courses.sessions set cancelled_at = now() where id <> %s", (of.id,))
    school.press(curator, "courses:held_sessions:open:0")
    try:
        press("▫️")
        press("✅ Все были")
        press("Да")
        for number in (3, 7, 11, 20, 39):
            press(f"✅ Участник {number:02}")
    finally:
        school.connection.execute("update courses.sessions set cancelled_at = null")

    assert presses == 8
    assert of.marks().count("absent") == 5
    assert of.marks().count("present") == 35
    assert "был(и) 35, опоздали 0, не был(и) 5, не отмечено 0 — всего 40" in school.shown(curator)
    assert "🟩" * 9 + "🟥" in school.shown(curator)


def test_a_press_says_what_becomes_of_somebody_and_late_asks_for_minutes(school: School, curator: Somebody) -> None:
    of = lesson(school)
    somebody = of.people[1]
    expected: list[str | None] = [None, None, None]
    for letter, status in (("p", "present"), ("a", "absent"), ("l", "late")):
        of.press(curator, somebody.user, letter)
        expected[1] = status
        assert of.marks() == expected

    assert {"+5", "+10", "+15", "+30"} < set(school.buttons(curator))
    school.press(curator, school.buttons(curator)["+15"])

    [row] = rows(school.connection, "select * from courses.attendance where session_id = %s", of.id)
    assert (row["status"], row["minutes_late"], row["noted_by"]) == ("late", 15, curator.user)
    assert any(text.startswith("🕐 +15 Участник 01") for text in school.buttons(curator))


def test_a_correction_keeps_what_was_noted_before_and_by_whom(school: School, curator: Somebody) -> None:
    of, other = lesson(school, 1), school.person("admin")

    of.press(curator, of.people[0].user, "p")
    of.press(curator, of.people[0].user, "p")
    of.press(other, of.people[0].user, "a")

    [row] = rows(school.connection, "select * from courses.attendance_history where session_id = %s", of.id)
    assert (row["status"], row["noted_by"], row["replaced_by"]) == ("present", curator.user, other.user)


def test_staff_see_what_was_corrected_by_whom_and_what_it_was(school: School, curator: Somebody) -> None:
    of, other = lesson(school, 1), school.person("admin", full_name="Админ <1>")
    user = of.people[0].user
    school.press(curator, f"courses:attendance:open:{of.id}.0")
    school.press(curator, school.buttons(curator)["🕘 Исправления"])
    assert "Никто ничего не исправлял" in school.shown(curator)

    for by, letter in ((curator, "p"), (other, "a"), (curator, "l")):
        of.press(by, user, letter)
    school.press(curator, f"courses:attendance:minutes:{of.id}.{user}.15.0")
    for paid in (1, 0):
        school.press(other, f"courses:payments:mark:{of.id}.{user}.{paid}.0")
    school.press(curator, f"courses:changes:open:{of.id}.0")

    lines = [line for line in school.shown(curator).splitlines() if line.startswith(("Участник 00", "<i>"))]
    assert [line.partition(": ")[2] for line in lines[1::2]] == [
        "оплачено → не оплачено", "🕐 опоздание → 🕐 опоздание 15 мин", "❌ не был(а) → 🕐 опоздание",
        "✅ был(а) → ❌ не был(а)",
    ]  # fmt: skip
    assert [line.rpartition(", ")[2] for line in lines[0::2]] == [
        "Админ &lt;1&gt;</i>", "Куратор</i>", "Куратор</i>", "Админ &lt;1&gt;</i>",
    ]  # fmt: skip


def test_all_were_there_leaves_what_was_noted_alone(school: School, curator: Somebody) -> None:
    of = lesson(school)
    of.press(curator, of.people[2].user, "a")

    school.press(curator, f"courses:attendance:open:{of.id}.0.all")
    assert "кто ещё не отмечен: 2?" in school.shown(curator)
    school.press(curator, f"courses:attendance:all:{of.id}")

    assert of.marks() == ["present", "present", "absent"]


def test_two_curators_at_once_lose_no_mark(school: School, curator: Somebody) -> None:
    of, other = lesson(school, 12), school.person("curator")
    pairs = [(by, somebody) for place, somebody in enumerate(of.people) for by in [(curator, other)[place % 2]]]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: of.press(pair[0], pair[1].user, "p"), pairs))

    assert of.marks() == ["present"] * 12


def test_staff_are_never_on_a_roster(school: School, curator: Somebody) -> None:
    of = lesson(school, 1)
    helper = school.participant(stream=of.stream, role="curator", full_name="Помощник")

    school.press(curator, f"courses:attendance:open:{of.id}.0")
    assert not any("Помощник" in text for text in school.buttons(curator))
    of.press(curator, helper.user, "p")

    assert rows(school.connection, "select from courses.attendance where user_id = %s", helper.user) == []


def test_the_last_five_sessions_stand_beside_each_name(school: School, curator: Somebody) -> None:
    of = lesson(school, 1)
    user = of.people[0].user
    for days, status in ((6, "absent"), (5, "present"), (4, "late"), (3, "absent"), (2, "present"), (1, None)):
        before = school.insert("sessions", title="Раньше", start_date=TODAY - timedelta(days=days), stream_id=of.stream)
        if status:
            school.insert("attendance", user_id=user, session_id=before, status=status)

    school.press(curator, f"courses:attendance:open:{of.id}.0")

    assert any(text.endswith("  ●◐○●·") for text in school.buttons(curator))


def test_a_large_roster_has_pages(school: School, curator: Somebody) -> None:
    of = lesson(school, 50)

    school.press(curator, f"courses:attendance:open:{of.id}.0")
    first = school.buttons(curator)
    school.press(curator, first["Дальше ›"])

    assert any(text.startswith("▫️ Участник 49") for text in school.buttons(curator))
    assert len(first) <= 100


@pytest.mark.parametrize(
    "columns", [{"start_date": TODAY + timedelta(days=1)}, {"cancelled_at": datetime.now(UTC)}], ids=["to come", "off"]
)
def test_a_session_that_has_not_begun_or_was_cancelled_is_not_marked(
    school: School, curator: Somebody, columns: dict[str, Any]
) -> None:
    of = lesson(school, 2, **columns)

    of.press(curator, of.people[0].user, "p")
    school.press(curator, f"courses:attendance:all:{of.id}")

    assert of.marks() == [None, None]


def test_administrators_see_what_is_not_marked_today(school: School, curator: Somebody) -> None:
    admin, of = school.person("admin"), lesson(school, 1, title="Сегодня")

    school.press(admin, "courses:unmarked:open:")
    assert any("Сегодня" in text for text in school.buttons(admin))
    of.press(admin, of.people[0].user, "a")
    school.press(admin, "courses:unmarked:open:")

    assert not any("Сегодня" in text for text in school.buttons(admin))
    assert "не действует" in school.press(curator, "courses:unmarked:open:")


def test_payments_are_noted_one_press_a_person(school: School, curator: Somebody) -> None:
    of = lesson(school, 2)
    school.press(curator, f"courses:payments:open:{of.id}.0")

    for _ in range(2):
        buttons = school.buttons(curator)
        school.press(curator, next(data for text, data in buttons.items() if text.endswith("Участник 00")))

    [row] = rows(school.connection, "select * from courses.payments where session_id = %s", of.id)
    assert (row["user_id"], row["paid"], row["noted_by"]) == (of.people[0].user, False, curator.user)
    [before] = rows(school.connection, "select paid from courses.payments_history where session_id = %s", of.id)
    assert before["paid"] is True
