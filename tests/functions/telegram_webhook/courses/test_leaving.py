"""What the bot knows of somebody, and how they leave."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import TODAY, School


def test_everything_that_is_known_of_somebody_comes_as_a_file(school: School) -> None:
    somebody = school.participant(phone="+79990007777", password="$2b$12$" + "a" * 53)

    school.press(somebody, "courses:about_me:send:")

    document = school.messages(somebody)[-1]["payload"]["document"]
    assert document["name"] == "my-data.json"
    assert "+79990007777" in document["text"]
    assert "password" not in document["text"]
    assert "Согласие 1 & подробности" in document["text"]


def test_who_leaves_is_asked_once_more_and_then_forgotten(school: School) -> None:
    somebody = school.participant()
    identity = school.insert("sessions", title="Было", start_date=TODAY - timedelta(days=30))
    school.insert("attendance", user_id=somebody.user, session_id=identity, status="present")

    assert "не действует" in school.press(somebody, "courses:about_me:delete:")
    school.press(somebody, "courses:about_me:open:leaving")
    assert "Останутся" in school.shown(somebody)
    assert "больше не знает" in school.press(somebody, "courses:about_me:delete:")

    assert rows(school.connection, "select from courses.users where id = %s", somebody.user) == []
    assert [valid for _, _, valid in school.consents(somebody)] == [False, False]
    assert "Согласие 1" in school.shown(somebody)


def test_who_has_paid_stays_without_a_name(school: School) -> None:
    somebody = school.participant(phone="+79990008888", email="anna@example.com", username="anna")
    identity = school.insert("sessions", title="Оплачено", start_date=TODAY - timedelta(days=30))
    school.insert("attendance", user_id=somebody.user, session_id=identity, status="present")
    school.insert("payments", user_id=somebody.user, session_id=identity, paid=True)
    for content in ({"user_id": somebody.user}, {"telegram_id": somebody.telegram_id}, {"user_id": 4711}):
        row = {"source_table": "attendance", "source_row": "7", "reason": "mended", "content": json.dumps(content)}
        school.insert("import_rejections", "source_row", **row, row_hash=sha256(row["content"].encode()).digest())
    invitation = {"token_hash": sha256(b"x").digest(), "user_id": somebody.user, "expires_at": datetime.now(UTC)}
    school.insert("invitations", "user_id", **invitation)

    school.press(somebody, "courses:about_me:open:leaving")
    school.press(somebody, "courses:about_me:delete:")

    [row] = rows(school.connection, "select * from courses.users where id = %s", somebody.user)
    kept = {name for name, value in row.items() if value is not None}
    assert kept == {"id", "role", "created_at", "updated_at"}
    counts = [
        rows(school.connection, f"select from courses.{table} where user_id = %s", somebody.user)
        for table in ("payments", "attendance", "attendance_history", "participants")
    ]
    assert [len(found) for found in counts] == [1, 0, 0, 0]
    left = rows(school.connection, "select content from courses.import_rejections")
    assert [row["content"] for row in left] == [{"user_id": 4711}]
    assert rows(school.connection, "select from courses.invitations where user_id = %s", somebody.user) == []


def test_who_leaves_gives_their_place_to_whoever_waits(school: School) -> None:
    leaving, waiting = school.participant(), school.participant()
    healing = school.insert("healing_sessions", date=TODAY + timedelta(days=2), time_start="18:00", capacity=1)
    for somebody in (leaving, waiting):
        school.press(somebody, f"courses:healing:sign:{healing}")

    school.press(leaving, "courses:about_me:open:leaving")
    school.press(leaving, "courses:about_me:delete:")

    [left] = rows(school.connection, "select user_id, state::text from courses.healing_signups")
    assert (left["user_id"], left["state"]) == (waiting.user, "offered")
    assert school.messages(waiting)[-1]["kind"] == "courses/offer"
    dialogs = rows(school.connection, "select from courses.dialogs where telegram_id = %s", leaving.telegram_id)
    assert dialogs == []
    school.press(leaving, "courses:consent:give:processing.1")
    assert "пока не знает" in school.shown(leaving)


def test_staff_do_not_leave_by_themselves(school: School) -> None:
    curator = school.person("curator")
    school.press(curator, "courses:about_me:open:leaving")

    assert "не действует" in school.press(curator, "courses:about_me:delete:")
    assert rows(school.connection, "select id from courses.users where id = %s", curator.user)
