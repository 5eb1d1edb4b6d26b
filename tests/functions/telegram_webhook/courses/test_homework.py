"""Homework goes to whoever attended, to each once; participants hand in their work, and staff see it."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.forms import press
from tests.functions.telegram_webhook.courses.test_attendance import Lesson, lesson
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody

LINK = "https://example.com/hw?a=1&b=2"


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    return school.person("curator", full_name="Куратор")


def attended(school: School, statuses: list[str]) -> Lesson:
    of = lesson(school, len(statuses), title="Тема <1>")
    for somebody, status in zip(of.people, statuses, strict=True):
        school.insert("attendance", user_id=somebody.user, session_id=of.id, status=status)
    return of


def homework_of(school: School, somebody: Somebody) -> list[str]:
    return [m["payload"]["text"] for m in school.messages(somebody) if m["kind"] == "courses/homework"]


def test_a_link_goes_to_whoever_attended_each_once_and_later_to_whoever_is_marked_later(
    school: School, curator: Somebody
) -> None:
    of = attended(school, ["present", "late", "absent"])
    without = school.insert("users", full_name="Без аккаунта")
    school.insert("participants", user_id=without, stream_id=of.stream)
    school.insert("attendance", user_id=without, session_id=of.id, status="present")
    school.press(curator, f"courses:attendance:open:{of.id}.0")
    press(school, curator, "📝")
    school.write(curator, "ссылка будет завтра")
    assert "не ссылка" in school.shown(curator)
    school.write(curator, LINK)
    assert "Нет аккаунта Telegram или согласия: 1" in school.shown(curator)
    send = school.buttons(curator)["📤 Отправить тем, кто был: 2"]

    assert school.press(curator, send) == "Отправляется: 2"
    school.press(curator, send)

    assert [len(homework_of(school, somebody)) for somebody in of.people] == [1, 1, 0]
    [text] = homework_of(school, of.people[0])
    assert "Тема &lt;1&gt;" in text
    assert "https://example.com/hw?a=1&amp;b=2" in text
    school.press(curator, f"courses:attendance:mark:{of.id}.{of.people[2].user}.p.0")
    school.press(curator, f"courses:homework:open:{of.id}")
    press(school, curator, "📤")
    assert [len(homework_of(school, somebody)) for somebody in of.people] == [1, 1, 1]
    found = rows(school.connection, "select * from courses.homework_delivery where session_id = %s", of.id)
    assert {(row["link"], row["sent_by"], row["sent_at"]) for row in found} == {(LINK, curator.user, None)}


def test_what_did_not_arrive_is_sent_again_and_what_arrived_is_not(school: School, curator: Somebody) -> None:
    of = attended(school, ["present", "present"])
    school.press(curator, f"courses:homework:open:{of.id}")
    school.write(curator, LINK)
    press(school, curator, "📤")
    sent, failed = (somebody.user for somebody in of.people)
    statement = "update courses.homework_delivery set {} where session_id = %s and user_id = %s"
    school.connection.execute(statement.format("sent_at = now()"), (of.id, sent))
    school.connection.execute(statement.format("error = 'blocked'"), (of.id, failed))

    school.press(curator, f"courses:homework:open:{of.id}")
    assert "Получили: 1, в пути: 0" in school.shown(curator)
    assert "Не дошло: 1" in school.shown(curator)
    press(school, curator, "📤 Отправить тем, кто был: 1")

    assert [len(homework_of(school, somebody)) for somebody in of.people] == [1, 2]
    assert "Получили: 1, в пути: 1" in school.shown(curator)


def test_two_curators_at_once_send_each_link_once(school: School, curator: Somebody) -> None:
    of, other = attended(school, ["present"] * 6), school.person("admin")
    school.press(curator, f"courses:homework:open:{of.id}")
    school.write(curator, LINK)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda by: school.press(by, f"courses:homework:send:{of.id}"), [curator, other] * 3))

    assert [len(homework_of(school, somebody)) for somebody in of.people] == [1] * 6


def test_a_session_that_has_not_begun_or_nobody_attended_sends_nothing(school: School, curator: Somebody) -> None:
    of, coming = lesson(school, 1), lesson(school, 1, start_date=TODAY + timedelta(days=1))

    school.press(curator, f"courses:homework:open:{coming.id}")
    assert "Какое занятие" in school.shown(curator)
    assert "не действует" in school.press(curator, f"courses:homework:send:{coming.id}")
    school.press(curator, f"courses:homework:open:{of.id}")
    school.write(curator, LINK)
    assert not any(text.startswith("📤") for text in school.buttons(curator))
    school.press(curator, f"courses:homework:send:{of.id}")

    assert rows(school.connection, "select from courses.homework_delivery where session_id = %s", of.id) == []


def submission(school: School, assignment: int, of: Somebody) -> dict[str, Any]:
    query = "select * from courses.submissions where assignment_id = %s and user_id = %s"
    [row] = rows(school.connection, query, assignment, of.user)
    return dict(row)


def test_a_work_is_handed_in_replaced_and_seen_by_staff(school: School, curator: Somebody) -> None:
    task = school.insert("assignments", title="Эссе <1>", due_date=TODAY + timedelta(days=1))
    author, other = school.participant(full_name="Автор <А>"), school.participant(full_name="Ещё не сдавший")
    school.press(author, f"courses:assignment:open:{task}")
    school.write(author, "случайные слова")
    assert "сначала нажмите «Сдать»" in school.shown(author)
    press(school, author, "📤 Сдать работу")
    school.write(author, sticker={"file_id": "CAAC1"})
    assert "Сдать можно текст" in school.shown(author)
    school.write(author, "Моё <эссе>")
    assert submission(school, task, author)["body"] == "Моё <эссе>"
    press(school, author, "📤 Сдать заново")
    school.write(author, document={"file_id": "BQAC7", "file_name": "essay.pdf"}, caption="исправлено")

    found = submission(school, task, author)
    assert (found["body"], found["tg_file_ids"]) == ("исправлено", ["BQAC7"])
    assert found["submitted_at"] > found["first_submitted_at"]
    assert "✅ Сдано" in school.shown(author)
    school.press(curator, f"courses:form:open:assignments.{task}")
    press(school, curator, "📥")
    press(school, curator, "Автор <А>")
    assert "исправлено" in school.shown(curator)
    press(school, curator, "📎")
    assert school.messages(curator)[-1]["payload"]["document"] == "BQAC7"
    school.press(curator, f"courses:submissions:open:{task}.0")
    press(school, curator, "Кто не сдал")
    assert "Ещё не сдавший" in school.shown(curator)
    assert "Автор" not in school.shown(curator)
    assert other.user


def test_a_long_work_is_read_to_its_end(school: School, curator: Somebody) -> None:
    task, author = school.insert("assignments", title="Длинное"), school.participant()
    body = "слово " * 680
    school.press(author, f"courses:assignment:open:{task}.submit")
    school.write(author, f"{body}конец")

    school.press(curator, f"courses:submissions:open:{task}.0.u{author.user}")

    first, second = (message["payload"]["text"] for message in school.messages(curator)[-2:])
    assert first.startswith("<b>Длинное")
    assert second.endswith("конец")


def test_an_album_is_handed_in_whole(school: School) -> None:
    task, author = school.insert("assignments", title="Фото"), school.participant()
    school.press(author, f"courses:assignment:open:{task}.submit")
    for number in range(12):
        school.write(author, photo=[{"file_id": f"AgAC{number}"}], media_group_id="777001")

    assert submission(school, task, author)["tg_file_ids"] == [f"AgAC{number}" for number in range(10)]
    press(school, author, "📎 Что я сдал")
    files = [message["payload"]["photo"] for message in school.messages(author) if message["kind"] == "courses/file"]
    assert len(files) == 10


def test_nothing_is_handed_in_for_what_was_withdrawn_by_staff_or_for_another(school: School, curator: Somebody) -> None:
    task, author = school.insert("assignments", title="Убрано"), school.participant()
    school.press(author, f"courses:assignment:open:{task}.submit")
    school.connection.execute("update courses.assignments set withdrawn_at = now() where id = %s", (task,))
    school.write(author, "поздно")
    other = school.insert("assignments", title="Другое")
    school.press(curator, f"courses:assignment:open:{other}.submit")
    school.write(curator, "я куратор")

    assert rows(school.connection, "select from courses.submissions where assignment_id = any(%s)", [task, other]) == []
    assert "не действует" in school.press(author, f"courses:submissions:files:{other}.{author.user}")


def test_a_cohorts_spreadsheet_comes_as_a_document(school: School, curator: Somebody) -> None:
    cohort, empty = (school.insert("cohorts", name=name) for name in ("Осень <25>", "Пустая"))
    somebody = school.participant(cohort=cohort, full_name="=Ким Анна")
    session = school.insert("sessions", start_date=TODAY, cohort_id=cohort, title="Первая")
    school.insert("payments", user_id=somebody.user, session_id=session, paid=True)
    school.press(curator, "courses:sheets:open:0")

    school.press(curator, school.buttons(curator)["Осень <25>"])

    [document] = [m["payload"]["document"] for m in school.messages(curator) if m["kind"] == "courses/file"][-1:]
    assert document["name"].endswith(".xlsx")
    with ZipFile(BytesIO(base64.b64decode(document["base64"]))) as file:
        strings = file.read("xl/sharedStrings.xml").decode()
    assert all(words in strings for words in ("=Ким Анна", "Первая", "оплачено"))
    assert "нет участников" in school.press(curator, f"courses:sheets:send:{empty}.0")
    for forged in ("1.0", "x.0", f"{cohort}", ""):
        assert "не действует" in school.press(curator, f"courses:sheets:send:{forged}")
    assert "не действует" in school.press(somebody, f"courses:sheets:send:{cohort}.0")
