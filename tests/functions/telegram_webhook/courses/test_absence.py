"""Participants say ahead that they will not come. Staff see it when they mark; it marks nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody


@pytest.fixture(scope="module")
def stream(school: School) -> int:
    return school.insert("streams", title="Первый")


def session(school: School, stream: int, days: int = 1, **columns: Any) -> int:
    values = {"title": "Границы <и опоры>", "start_date": TODAY + timedelta(days=days), "stream_id": stream, **columns}
    return school.insert("sessions", **values)


def announced(school: School, identity: int) -> list[tuple[int, str | None]]:
    found = rows(
        school.connection, "select user_id, reason from courses.announced_absences where session_id = %s", identity
    )
    return [(row["user_id"], row["reason"]) for row in found]


def test_somebody_says_that_they_will_not_come_and_why(school: School, stream: int) -> None:
    anna, identity = school.participant(stream=stream), session(school, stream)

    school.press(anna, "courses:schedule:open:")
    school.press(anna, school.buttons(anna)["🙅 Не приду на занятие"])
    label = next(text for text in school.buttons(anna) if "Границы <и опоры>" in text)
    school.press(anna, school.buttons(anna)[label])
    assert "Границы &lt;и опоры&gt;" in school.shown(anna)
    assert "увидит" in school.press(anna, school.buttons(anna)["🙅 Не приду"])
    school.write(anna, "болею &  скучаю")

    assert announced(school, identity) == [(anna.user, "болею & скучаю")]
    assert "болею &amp; скучаю" in school.shown(anna)
    school.press(anna, school.buttons(anna)["↩️ Всё-таки приду"])
    assert announced(school, identity) == []


def test_staff_see_it_beside_the_name_and_before_they_mark_all(school: School, stream: int) -> None:
    anna, boris = (school.participant(stream=stream) for _ in range(2))
    identity, curator = session(school, stream, days=0), school.person("curator")
    for somebody in (anna, boris):
        school.press(somebody, f"courses:absence:announce:{identity}")
    school.write(boris, "<уехал>")

    school.press(curator, f"courses:attendance:open:{identity}.0")
    name = f"Ким Анна {boris.telegram_id}"
    assert f"🙅 {name} — &lt;уехал&gt;" in school.shown(curator)
    assert any(text.startswith(f"▫️ 🙅 {name}") for text in school.buttons(curator))
    school.press(curator, f"courses:attendance:mark:{identity}.{anna.user}.a.0")
    school.press(curator, f"courses:attendance:open:{identity}.0.all")

    assert "предупредили, что не придут: 1." in school.shown(curator)
    marks = rows(
        school.connection, "select user_id, status::text from courses.attendance where session_id = %s", identity
    )
    assert [(mark["user_id"], mark["status"]) for mark in marks] == [(anna.user, "absent")]


@pytest.mark.parametrize(
    "columns",
    [{"days": -1}, {"days": 0, "start_time": "00:01"}, {"cancelled_at": datetime.now(UTC)}, {"stream_id": None}],
    ids=["past", "begun", "off", "of others"],
)
def test_nobody_announces_what_is_over_cancelled_or_not_theirs(
    school: School, stream: int, columns: dict[str, Any]
) -> None:
    anna = school.participant(stream=stream)
    if "stream_id" in columns:
        columns = {"stream_id": school.insert("streams", title="Чужой")}
    identity = session(school, stream, **columns)

    assert "не действует" in school.press(anna, f"courses:absence:announce:{identity}")
    assert announced(school, identity) == []


def test_words_about_nothing_and_files_are_no_reason(school: School, stream: int) -> None:
    anna, identity = school.participant(stream=stream), session(school, stream)
    school.press(anna, f"courses:absence:open:s{identity}")

    school.write(anna, "не знаю")
    assert announced(school, identity) == []
    school.press(anna, f"courses:absence:announce:{identity}")
    school.write(anna, photo=[{"file_id": "P"}], caption="справка")

    assert announced(school, identity) == [(anna.user, None)]
    assert "только кнопки" in school.shown(anna)


def test_staff_and_forged_presses_announce_nothing(school: School, stream: int) -> None:
    curator: Somebody = school.person("curator")
    identity = session(school, stream)

    for data in (f"announce:{identity}", "announce:x", "announce:", "fly:1"):
        assert "не действует" in school.press(curator, f"courses:absence:{data}")

    assert announced(school, identity) == []
