"""Staff plan sessions, days, topics, events and healing sessions, and hand out materials and assignments."""

import json
from datetime import timedelta

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.forms import last, pick, press
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    return school.person("curator", full_name="Куратор")


def test_a_session_is_planned_field_by_field_then_moved_and_cancelled(school: School, curator: Somebody) -> None:
    stream = school.insert("streams", title="Поток <А>")
    school.insert("topics", code="МАСП-3", title="Мастерская")
    school.press(curator, "courses:home:open:")
    press(school, curator, "🗂")
    press(school, curator, "Занятия")
    press(school, curator, "➕")
    assert "Дата" in school.shown(curator)
    pick(school, curator, TOMORROW)
    press(school, curator, "✏️ Время")
    press(school, curator, "19:00")
    press(school, curator, "✏️ Тема")
    press(school, curator, "МАСП-3")
    press(school, curator, "✏️ Поток")
    press(school, curator, "Поток <А>")
    press(school, curator, "✏️ Название")
    school.write(curator, "Первая  встреча\n<1>")
    assert "Ещё не сохранено" in school.shown(curator)
    assert "Первая встреча &lt;1&gt;" in school.shown(curator)
    assert "Поток: Поток &lt;А&gt;" in school.shown(curator)
    assert rows(school.connection, "select from courses.sessions where stream_id = %s", stream) == []
    assert press(school, curator, "✅ Создать") == "Сохранено"

    session = last(school, "sessions")
    assert (session["start_date"], str(session["start_time"]), session["topic_code"], session["stream_id"]) == (
        TOMORROW, "19:00:00", "МАСП-3", stream
    )  # fmt: skip
    assert session["title"] == "Первая встреча <1>"
    press(school, curator, "✏️ Дата")
    pick(school, curator, TODAY + timedelta(days=2))
    press(school, curator, "💾")
    assert last(school, "sessions")["start_date"] == TODAY + timedelta(days=2)
    press(school, curator, "❌ Отменить")
    assert last(school, "sessions")["cancelled_at"] is None
    press(school, curator, "Да")
    assert last(school, "sessions")["cancelled_at"] is not None
    assert "❌ Отменено" in school.shown(curator)
    press(school, curator, "↩️")
    assert last(school, "sessions")["cancelled_at"] is None


def test_what_lasts_several_days_is_moved_as_a_whole_and_ends_after_it_begins(
    school: School, curator: Somebody
) -> None:
    session = school.insert("sessions", start_date=TODAY, end_date=TOMORROW, title="Два дня")
    school.press(curator, f"courses:form:open:sessions.{session}")
    press(school, curator, "✏️ Последний день")
    yesterday = TODAY - timedelta(days=1)

    assert "выбрать нельзя" in school.press(curator, f"courses:form:day:sessions.{session}.{yesterday:%Y%m%d}")
    press(school, curator, "‹ Назад")
    press(school, curator, "✏️ Дата")
    pick(school, curator, TODAY + timedelta(days=7))
    press(school, curator, "💾")

    moved = last(school, "sessions")
    assert (moved["start_date"], moved["end_date"]) == (TODAY + timedelta(days=7), TODAY + timedelta(days=8))


def test_a_button_of_another_card_changes_nothing_of_this_one(school: School, curator: Somebody) -> None:
    first, second = (school.insert("sessions", start_date=TODAY, title=title) for title in ("А", "Б"))
    school.press(curator, f"courses:form:open:sessions.{first}")
    press(school, curator, "✏️ Название")
    school.write(curator, "Новое")
    saved = school.buttons(curator)["💾 Сохранить"]
    school.press(curator, f"courses:form:open:sessions.{second}")
    press(school, curator, "✏️ Дата")

    assert "не действует" in school.press(curator, saved)
    assert "не действует" in school.press(curator, f"courses:form:day:sessions.{first}.{TOMORROW:%Y%m%d}")

    titles = rows(
        school.connection, "select title from courses.sessions where id = any(%s) order by id", [first, second]
    )
    assert [row["title"] for row in titles] == ["А", "Б"]


def test_two_who_change_different_fields_keep_both(school: School, curator: Somebody) -> None:
    other, event = school.person("admin"), school.insert("events", title="Встреча", start_date=TOMORROW)
    for by, field, written in ((curator, "Название", "Ужин"), (other, "Примечание", "Зал 2")):
        school.press(by, f"courses:form:open:events.{event}")
        press(school, by, f"✏️ {field}")
        school.write(by, written)
    for by in (curator, other):
        press(school, by, "💾")

    found = last(school, "events")
    assert (found["title"], found["note"]) == ("Ужин", "Зал 2")


def test_typed_values_are_read_and_nonsense_is_asked_again(school: School, curator: Somebody) -> None:
    school.press(curator, "courses:form:new:healing")
    school.write(curator, "когда-нибудь")
    assert "выбрать нельзя" in school.shown(curator)
    school.write(curator, f"{TOMORROW:%d.%m}")
    school.write(curator, "25:00")
    assert "Напишите время так" in school.shown(curator)
    school.write(curator, "9.30")
    press(school, curator, "✏️ Мест")
    school.write(curator, "0")
    assert "Напишите число" in school.shown(curator)
    school.write(curator, "12")
    school.write(curator, "лишние слова")
    assert "Нажмите, что изменить" in school.shown(curator)
    press(school, curator, "✅ Создать")

    found = last(school, "healing_sessions")
    assert (found["date"], str(found["time_start"]), found["capacity"]) == (TOMORROW, "09:30:00", 12)


def test_days_and_topics_are_there_once(school: School, curator: Somebody) -> None:
    stream, taken = school.insert("streams", title="Отдельный"), TODAY + timedelta(days=20)
    day = school.insert("session_days", date=taken, stream_id=stream)
    school.press(curator, "courses:form:new:topics")
    school.write(curator, "Т-77")
    press(school, curator, "✅ Создать")
    topic = last(school, "topics")
    school.press(curator, "courses:form:new:topics")
    school.write(curator, "Т-77")
    assert "уже есть" in press(school, curator, "✅ Создать")

    school.press(curator, "courses:form:new:days")
    school.write(curator, f"{taken:%d.%m.%Y}")
    press(school, curator, "✏️ Поток")
    press(school, curator, "Отдельный")
    assert "уже есть" in press(school, curator, "✅ Создать")
    press(school, curator, "✏️ Дата")
    school.write(curator, f"{taken + timedelta(days=1):%Y-%m-%d}")
    press(school, curator, "✏️ Тема")
    press(school, curator, "Т-77")
    press(school, curator, "✅ Создать")
    assert last(school, "session_days")["topic_id"] == topic["id"]

    school.press(curator, f"courses:form:open:days.{day}")
    press(school, curator, "🗑")
    press(school, curator, "Да")
    assert rows(school.connection, "select from courses.session_days where id = %s", day) == []


def test_a_draft_of_an_older_release_and_forged_kinds_lead_back(school: School, curator: Somebody) -> None:
    for at in ('{"kind": "gone", "id": 1, "values": {}}', "{", '{"kind": "topics", "id": "x"}', "sessions.10000001"):
        school.press(curator, "courses:form:new:topics")
        school.connection.execute(
            "update courses.dialogs set data = jsonb_build_object('at', %s::text) where telegram_id = %s",
            (at, curator.telegram_id),
        )
        school.write(curator, "слова")
        assert "назначить или выложить" in school.shown(curator)
    assert "не действует" in school.press(curator, "courses:form:new:users")
    school.press(curator, "courses:records:open:users.0")
    assert "назначить или выложить" in school.shown(curator)


def test_participants_plan_nothing(school: School) -> None:
    somebody = school.participant()
    for data in ("teaching:open:", "records:open:sessions.0", "form:new:sessions", "form:open:sessions.1"):
        assert "не действует" in school.press(somebody, f"courses:{data}")


def test_what_was_chosen_days_ago_is_looked_at_again_when_it_is_saved(school: School, curator: Somebody) -> None:
    school.insert("topics", code="Т-1", title="Переименуют")
    for kind, values, words in (
        ("events", {"title": "Поздно", "start_date": (TODAY - timedelta(days=1)).isoformat()}, "выбрать нельзя"),
        ("sessions", {"start_date": TODAY.isoformat(), "topic_code": "Т-0"}, "больше нет в списке"),
        ("events", {"title": "Наоборот", "start_date": TOMORROW.isoformat(), "end_date": TODAY.isoformat()}, "нельзя"),
    ):
        school.press(curator, f"courses:form:new:{kind}")
        at = json.dumps({"kind": kind, "id": 0, "values": values})
        school.connection.execute(
            "update courses.dialogs set data = jsonb_build_object('at', %s::text) where telegram_id = %s",
            (at, curator.telegram_id),
        )
        assert words in school.press(curator, f"courses:form:save:{kind}.0")
        assert rows(school.connection, f"select from courses.{kind} where title = %s", values.get("title", "?")) == []
