"""What participants see of their school."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import NOON, TODAY, School, Somebody

OPEN = "courses:{}:open:".format


@pytest.fixture(scope="module")
def cohort(school: School) -> int:
    return school.insert("cohorts", name="Осень")


@pytest.fixture(scope="module")
def stream(school: School) -> int:
    return school.insert("streams", title="Первый")


@pytest.fixture(scope="module")
def vera(school: School, cohort: int, stream: int) -> Somebody:
    return school.participant(cohort, stream)


def session(school: School, title: str, days: int = 1, **columns: Any) -> int:
    return school.insert("sessions", title=title, start_date=TODAY + timedelta(days=days), **columns)


def test_the_schedule_is_of_ones_own_stream_and_cohort(
    school: School, vera: Somebody, cohort: int, stream: int
) -> None:
    other = school.insert("streams", title="Второй")
    session(school, "Моё & ваше", stream_id=stream, start_time="10:00")
    session(school, "Для всех", days=3)
    session(school, "Моей группы", cohort_id=cohort)
    session(school, "Чужое", stream_id=other)
    session(school, "Прошло", days=-2)
    session(school, "Идёт", days=-1, end_date=TODAY)
    session(school, "Снято", stream_id=stream, cancelled_at=datetime.now(UTC))

    school.press(vera, OPEN("schedule"))

    shown = school.shown(vera)
    assert [title for title in ("Идёт", "Моё &amp; ваше", "Моей группы", "Для всех") if title not in shown] == []
    assert "Чужое" not in shown
    assert "Прошло" not in shown
    assert "Снято</s> отменено" in shown
    assert "10:00" in shown
    assert f"Время школы: {NOON.key}, UTC" in shown


def test_the_calendar_file_has_the_same_sessions(school: School) -> None:
    somebody = school.participant()
    session(school, "Практика, часть 1; " + "я" * 80, start_time="10:00", end_date=TODAY + timedelta(days=2))

    assert "следующим сообщением" in school.press(somebody, "courses:schedule:calendar:0")

    file = school.messages(somebody)[-1]
    document = file["payload"]["document"]
    assert (file["method"], document["name"], document["mime"]) == ("sendDocument", "schedule.ics", "text/calendar")
    lines = document["text"].split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = document["text"].replace("\r\n ", "")
    assert f"SUMMARY:Практика\\, часть 1\\; {'я' * 80}" in unfolded
    begin = datetime.combine(TODAY + timedelta(days=1), time(10), NOON).astimezone(UTC)
    assert f"DTSTART:{begin:%Y%m%dT%H%M%SZ}" in unfolded


def test_a_long_schedule_has_pages(school: School) -> None:
    somebody = school.participant(stream=school.insert("streams", title="Долгий"))
    for number in range(20):
        session(school, f"Урок {number}", days=50 + number)

    school.press(somebody, "courses:schedule:open:1")
    assert {"‹ Раньше", "Дальше ›", "‹ Назад"} < set(school.buttons(somebody))
    school.press(somebody, "courses:schedule:open:999999999999999999")

    assert "Занятий пока не назначено" in school.shown(somebody)


def test_ones_own_record_tells_not_noted_from_absent(school: School, vera: Somebody, stream: int) -> None:
    past = [session(school, f"Прошлое {number}", days=-10 - number, stream_id=stream) for number in range(4)]
    for identity, status, minutes in zip(past, ("present", "late", "absent"), (None, 7, None), strict=False):
        school.insert("attendance", user_id=vera.user, session_id=identity, status=status, minutes_late=minutes)
    school.insert("payments", user_id=vera.user, session_id=past[0], paid=True)
    school.insert("payments", user_id=vera.user, session_id=past[3], paid=False)
    for identity, link in zip(past, ("https://example.com/1?a=1&b=2", "тетрадь <2>"), strict=False):
        school.insert("homework_delivery", user_id=vera.user, session_id=identity, link=link)

    school.press(vera, OPEN("my_record"))

    lines = {line.split(" — ")[1].split(": ")[0]: line for line in school.shown(vera).splitlines() if " — " in line}
    assert lines["Прошлое 0"].endswith("✅ был(а), оплачено")
    assert lines["Прошлое 1"].endswith("🕐 опоздание 7 мин")
    assert lines["Прошлое 2"].endswith("❌ не был(а)")
    assert lines["Прошлое 3"].endswith("не отмечено, не оплачено")
    assert '<a href="https://example.com/1?a=1&amp;b=2">📝 Домашнее задание</a>' in school.shown(vera)
    assert "📝 Домашнее задание: тетрадь &lt;2&gt;" in school.shown(vera)


def test_reminders_and_mailings_are_switched_apart(school: School) -> None:
    somebody = school.participant()

    school.press(somebody, "courses:notifications:reminders:0")
    assert "Напоминания, переносы и отмены: выключены" in school.shown(somebody)
    school.press(somebody, "courses:notifications:mailings:0.1")
    assert "Согласие 1 &amp; подробности" in school.shown(somebody)
    assert school.consents(somebody) == [("processing", 1, True), ("mailings", 1, False), ("mailings", 1, False)]
    school.press(somebody, "courses:notifications:mailings:1.1")
    assert school.consents(somebody)[-1] == ("mailings", 1, True)

    [flags] = rows(school.connection, "select notify_enabled from courses.user_flags where user_id = %s", somebody.user)
    assert flags["notify_enabled"] is False


@pytest.mark.parametrize("data", ["reminders:2", "mailings:1.9", "mailings:1", "mailings:7.1", "all:1"])
def test_a_switch_that_is_none_changes_nothing(school: School, vera: Somebody, data: str) -> None:
    before = school.consents(vera)

    assert "не действует" in school.press(vera, f"courses:notifications:{data}")
    assert school.consents(vera) == before


def test_events_and_healing_sessions_stand_in_one_list(school: School, vera: Somebody) -> None:
    soon = TODAY + timedelta(days=2)
    school.insert("events", title="Встреча <живая>", start_date=soon, note="Адрес & карта")
    school.insert("healing_sessions", date=TODAY, time_start="19:30")
    school.insert("events", title="Прошлое", start_date=TODAY - timedelta(days=3))

    school.press(vera, OPEN("events"))

    shown = school.shown(vera)
    assert shown.index("19:30 — Сессия исцеления") < shown.index("Встреча &lt;живая&gt;\n<i>Адрес &amp; карта</i>")
    assert "Прошлое" not in shown


@pytest.mark.parametrize(
    ("file_id", "method"), [("BQACAgIAAx", "sendDocument"), ("AgACAgIAAx", "sendPhoto"), ("CQACAgIAAx", "sendAudio")]
)
def test_a_material_is_read_and_its_file_is_sent(school: School, vera: Somebody, file_id: str, method: str) -> None:
    material = school.insert("materials", title=f"Конспект {method}", body="Читать <здесь>", tg_file_id=file_id)

    school.press(vera, OPEN("materials"))
    school.press(vera, school.buttons(vera)[f"Конспект {method}"])
    assert "Читать &lt;здесь&gt;" in school.shown(vera)
    assert "следующим" in school.press(vera, f"courses:materials:file:{material}")

    sent = school.messages(vera)[-1]
    assert sent["method"] == method
    assert sent["payload"][method.removeprefix("send").lower()] == file_id


@pytest.mark.parametrize("data", ["materials:open:m999999", "materials:file:999999", "materials:file:x"])
def test_a_material_that_is_gone_leads_back(school: School, vera: Somebody, data: str) -> None:
    school.press(vera, f"courses:{data}")

    assert [message["method"] for message in school.messages(vera)][-1] == "editMessageText"


def test_assignments_come_in_the_order_in_which_they_are_due(school: School, vera: Somebody) -> None:
    material = school.insert("materials", title="К заданию")
    for title, days in (("Прошлое", -1), ("Позже", 9), ("Без срока", None), ("Завтра", 1)):
        due = None if days is None else TODAY + timedelta(days=days)
        school.insert("assignments", title=title, due_date=due, material_id=material, body="Написать")

    school.press(vera, OPEN("assignments"))

    shown = school.shown(vera)
    places = [shown.index(title) for title in ("Завтра", "Позже", "Без срока", "Прошлое")]
    assert places == sorted(places)
    school.press(vera, school.buttons(vera)["📝 Завтра"])
    assert "Написать" in school.shown(vera)
    assert school.buttons(vera)["📎 Материал к заданию"] == f"courses:materials:open:m{material}"


def test_a_text_that_is_too_long_for_an_edit_comes_whole_in_new_messages(school: School, vera: Somebody) -> None:
    material = school.insert("materials", title="Длинный", body="слово " * 1500)
    before = len(school.messages(vera))

    school.press(vera, f"courses:materials:open:m{material}")

    parts = school.messages(vera)[before:]
    assert [part["method"] for part in parts] == ["sendMessage", "sendMessage", "sendMessage"]
    assert sum(part["payload"]["text"].count("слово") for part in parts) == 1500
    assert "reply_markup" in parts[-1]["payload"]
