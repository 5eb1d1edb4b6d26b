"""What the source document tells people to type works as it stands, from a client in any time zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from tests.migrations.conftest import OpenClient, open_client

ZONES = ["UTC", "Europe/Moscow", "Asia/Almaty", "America/New_York"]
# Almaty writes what Moscow reads, and so on: a school's people do not sit in one place.
PAIRS = [*((zone, zone) for zone in ZONES), ("Europe/Moscow", "UTC"), ("UTC", "Asia/Almaty"), ("Asia/Almaty", "UTC")]

NEW_VERSION = """
    INSERT INTO mentors (email, first_name, last_name, telegram_id, valid_from, valid_to)
    VALUES ('mentor@example.com', 'Новое', 'Имя', 123456789, CURRENT_TIMESTAMP, '9999-12-31'::TIMESTAMPTZ)
    RETURNING id
"""
CLOSE = "UPDATE mentors SET valid_to = CURRENT_TIMESTAMP, updated_at = CURRENT_TIMESTAMP WHERE id = %s"
BY_BETWEEN = "SELECT * FROM mentors WHERE CURRENT_TIMESTAMP BETWEEN valid_from AND valid_to"
UNLIMITED = "SELECT * FROM mentors WHERE valid_to = '9999-12-31'::TIMESTAMPTZ"
SIZES = """
    SELECT schemaname, tablename, pg_size_pretty(pg_total_relation_size(schemaname||'.'||tablename)) AS size
    FROM pg_tables WHERE schemaname = 'public'
    ORDER BY pg_total_relation_size(schemaname||'.'||tablename) DESC
"""
EVENT = """
    INSERT INTO webhook_events (event_date, user_id, user_email, answer_id, answer_training_id, answer_lesson_id,
                                answer_status, answer_text, raw_payload, processed)
    VALUES (%(date)s, '77', 'student@example.com', %(answer)s, 'training-001', '5', 'new', %(text)s, %(raw)s, FALSE)
    RETURNING id
"""

Connection = psycopg.Connection[dict[str, Any]]


def _id(connection: Connection, statement: str, *values: object) -> int:
    row = connection.execute(statement, values or None).fetchone()
    assert row is not None
    return int(row["id"])


def _one(connection: Connection, statement: str) -> dict[str, Any]:
    [row] = connection.execute(statement).fetchall()
    return row


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "query",
    [
        BY_BETWEEN,
        "SELECT * FROM students WHERE valid_to = '9999-12-31'::TIMESTAMPTZ",
        "SELECT * FROM v_active_mentors",
        "SELECT * FROM v_active_students",
        "SELECT * FROM v_active_mappings",
        "SELECT * FROM v_active_mappings WHERE training_id = 'training-001'",
        "SELECT * FROM v_pending_webhooks LIMIT 10",
        "SELECT * FROM v_pending_notifications",
        "SELECT COUNT(*) as pending_count FROM webhook_events WHERE processed = FALSE",
        "SELECT COUNT(*) as pending_notifications FROM notifications WHERE status = 'pending'",
        "DELETE FROM application_logs WHERE created_at < NOW() - INTERVAL '30 days'",
        "DELETE FROM error_logs WHERE created_at < NOW() - INTERVAL '90 days'",
        SIZES,
    ],
)
def test_a_documented_query_runs(module_direct_url: str, zone: str, query: str) -> None:
    with open_client(module_direct_url, zone) as connection:
        connection.execute(query.encode())


@pytest.mark.parametrize(("writer", "reader"), PAIRS)
def test_a_version_without_an_end_is_found_by_the_documented_literal(
    client: OpenClient, writer: str, reader: str
) -> None:
    with client(writer) as connection:
        written = _id(connection, NEW_VERSION)
    with client(reader) as connection:
        found = [connection.execute(query).fetchall() for query in (UNLIMITED, BY_BETWEEN, "TABLE v_active_mentors")]

    assert [[row["id"] for row in rows] for rows in found] == [[written]] * 3
    assert found[0][0]["valid_to"].replace(tzinfo=None) == datetime(9999, 12, 31)  # noqa: DTZ001 - the reader's own midnight


@pytest.mark.parametrize(("writer", "reader"), PAIRS)
def test_a_closed_version_is_no_longer_active(client: OpenClient, writer: str, reader: str) -> None:
    with client(writer) as connection:
        mentor = _id(connection, NEW_VERSION)
        before = datetime.now(UTC)
        assert connection.execute(CLOSE, (mentor,)).rowcount == 1
    with client(reader) as connection:
        closed = _one(connection, "SELECT * FROM mentors")

        assert connection.execute(UNLIMITED).fetchall() == []
        assert connection.execute("TABLE v_active_mentors").fetchall() == []
        assert before - timedelta(seconds=5) < closed["valid_to"] < datetime.now(UTC) + timedelta(seconds=5)
        assert closed["updated_at"] >= closed["created_at"]


@pytest.mark.parametrize("zone", ZONES)
def test_at_the_instant_of_a_switch_exactly_one_version_is_valid(client: OpenClient, zone: str) -> None:
    """Close and open in one transaction: both get the same CURRENT_TIMESTAMP."""
    with client(zone) as connection:
        old = _id(connection, NEW_VERSION)
        with connection.transaction():
            connection.execute("UPDATE mentors SET valid_to = CURRENT_TIMESTAMP WHERE id = %s", (old,))
            new = _id(connection, NEW_VERSION)
        switch = _one(connection, "SELECT valid_from AS at FROM mentors WHERE valid_to = '9999-12-31'::TIMESTAMPTZ")[
            "at"
        ]
        valid = {
            shift: [row["id"] for row in connection.execute("SELECT * FROM mentors_as_of(%s)", (switch + shift,))]
            for shift in (timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1))
        }

    assert list(valid.values()) == [[old], [new], [new]]


@pytest.mark.parametrize("zone", ZONES)
def test_a_mentor_who_left_may_come_back_to_life(client: OpenClient, zone: str) -> None:
    with client(zone) as connection:
        mentor = _id(connection, NEW_VERSION)
        connection.execute(CLOSE, (mentor,))
        connection.execute("UPDATE mentors SET valid_to = '9999-12-31' WHERE id = %s", (mentor,))

        assert [row["id"] for row in connection.execute(UNLIMITED)] == [mentor]


@pytest.mark.parametrize("zone", ZONES)
def test_an_event_can_be_inserted_as_n8n_does(client: OpenClient, zone: str) -> None:
    values = {"date": "2026-01-15 14:36:00", "answer": "1", "text": "Готово", "raw": Jsonb({"a": 1})}
    with client(zone) as connection:
        first = connection.execute(EVENT, values).fetchone()
        with pytest.raises(UniqueViolation, match="webhook_events_natural_key"):
            connection.execute(EVENT, values)
        connection.execute(EVENT, {**values, "text": "Готово, исправил"})
        connection.execute(EVENT, {**values, "answer": "2"})
        pending = connection.execute("SELECT * FROM v_pending_webhooks LIMIT 10").fetchall()
        by_payload = "SELECT COUNT(*) FROM webhook_events WHERE raw_payload @> '{\"a\": 1}'"

        assert len(pending) == 3
        assert first is not None
        assert pending[0]["id"] == first["id"]
        assert _one(connection, by_payload) == {"count": 3}
        connection.execute("UPDATE webhook_events SET processed = TRUE, processed_at = NOW() WHERE id = %(id)s", first)
        assert _one(connection, "SELECT COUNT(*) FROM webhook_events WHERE processed = FALSE") == {"count": 2}


def test_a_notification_is_counted_until_it_is_sent_and_its_hash_is_taken_for_good(client: OpenClient) -> None:
    pending = "SELECT COUNT(*) FROM notifications WHERE status = 'pending'"
    insert = (
        "INSERT INTO notifications (mentor_id, type, message, message_hash) VALUES (%s, %s, 'Ответ', repeat('a', 64))"
    )
    with client("Europe/Moscow") as connection:
        mentor = _id(connection, NEW_VERSION)
        connection.execute(insert, (mentor, "answerToLesson"))
        shown = _one(connection, "SELECT * FROM v_pending_notifications")
        assert (shown["telegram_id"], _one(connection, pending)) == (123456789, {"count": 1})

        connection.execute("UPDATE notifications SET status = 'sent', sent_at = NOW(), telegram_message_id = '7'")
        assert _one(connection, pending) == {"count": 0}
        with pytest.raises(UniqueViolation):
            connection.execute(insert, (mentor, "deadlineApproaching"))


@pytest.mark.parametrize("zone", ZONES)
def test_old_logs_are_cleaned_up_and_young_ones_stay(client: OpenClient, zone: str) -> None:
    with client(zone) as connection:
        for days in (1, 29, 31, 89, 91):
            age = f"NOW() - INTERVAL '{days} days'"
            connection.execute(f"INSERT INTO application_logs (message, created_at) VALUES ('x', {age})".encode())
            connection.execute(
                f"INSERT INTO error_logs (error_class, message, created_at) VALUES ('E', 'x', {age})".encode()
            )
        connection.execute("DELETE FROM application_logs WHERE created_at < NOW() - INTERVAL '30 days'")
        connection.execute("DELETE FROM error_logs WHERE created_at < NOW() - INTERVAL '90 days'")

        assert _one(connection, "SELECT COUNT(*) FROM application_logs") == {"count": 2}
        assert _one(connection, "SELECT COUNT(*) FROM error_logs") == {"count": 4}
