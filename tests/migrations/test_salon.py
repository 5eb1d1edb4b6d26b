"""What the schema dashboard refuses, whoever asks."""

from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange
from tests.migrations.tenant_isolation import AURORA, BREEZE, insert

Connection = psycopg.Connection[DictRow]


@pytest.fixture(autouse=True)
def salon(connection: Connection) -> None:
    """One salon."""
    insert(connection, "public.tenants_v2", id=AURORA, name="Аврора")


def user(connection: Connection, **columns: Any) -> None:
    insert(connection, "dashboard.users", **{"email": "a@example.com", "encrypted_password": "$argon2id$x",
                                             "role": "admin", "tenant_id": AURORA, **columns})  # fmt: skip


def alert(connection: Connection, **columns: Any) -> None:
    insert(
        connection, "dashboard.alerts", **{"tenant_id": AURORA, "kind": "data_stale", "triggered_at": "now", **columns}
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"email": "A@example.com"},
        {"email": "nobody"},
        {"encrypted_password": "a plain password"},
        {"encrypted_password": "$2b$12$bcrypt"},
        {"role": "owner"},
        {"role": "super_admin"},
        {"tenant_id": None},
        {"role": "staff", "tenant_id": None},
    ],
)
def test_a_user_who_cannot_be(connection: Connection, columns: dict[str, Any]) -> None:
    with pytest.raises(CheckViolation):
        user(connection, **columns)
    user(connection)


def test_no_user_is_there_from_the_beginning(connection: Connection) -> None:
    assert rows(connection, "select from dashboard.users") == []


def test_an_address_is_taken_once(connection: Connection) -> None:
    user(connection)
    with pytest.raises(UniqueViolation):
        user(connection, role="staff")


def test_an_unknown_salon_has_nothing(connection: Connection) -> None:
    for table, columns in (
        ("dashboard.tenant_settings", {}),
        ("dashboard.metrics_dailies", {"day": "2026-01-01"}),
        ("dashboard.alerts", {"kind": "data_stale", "triggered_at": "now"}),
    ):
        with pytest.raises(ForeignKeyViolation):
            insert(connection, table, tenant_id=BREEZE, **columns)


@pytest.mark.parametrize(
    "change",
    [
        "digest_hour = 24",
        "digest_hour = -1",
        "language = 'kk'",
        "low_conversion = 100.1",
        "low_conversion = 'NaN'",
        "high_drop_off = -1",
        "error_spike = 101",
        "stale_hours = 0",
        "stale_hours = 169",
        "minimum_sample = 0",
        "quiet_from = 24",
        "quiet_until = -1",
    ],
)
def test_nonsense_is_no_setting(connection: Connection, change: str) -> None:
    insert(connection, "dashboard.tenant_settings", tenant_id=AURORA)
    with pytest.raises(CheckViolation):
        connection.execute(f"update dashboard.tenant_settings set {change}".encode())


def test_a_day_has_one_line(connection: Connection) -> None:
    insert(connection, "dashboard.metrics_dailies", tenant_id=AURORA, day="2026-01-01")
    with pytest.raises(UniqueViolation):
        insert(connection, "dashboard.metrics_dailies", tenant_id=AURORA, day="2026-01-01")
    with pytest.raises(CheckViolation):
        insert(connection, "dashboard.metrics_dailies", tenant_id=AURORA, day="2026-01-02", bookings=-1)


def test_one_alert_of_a_kind_is_open(connection: Connection) -> None:
    alert(connection)
    with pytest.raises(UniqueViolation):
        alert(connection, severity="critical")
    alert(connection, kind="error_spike")
    connection.execute("update dashboard.alerts set resolved_at = now()")
    alert(connection)


@pytest.mark.parametrize("columns", [{"kind": "boredom"}, {"severity": "fatal"}])
def test_an_alert_that_nobody_knows(connection: Connection, columns: dict[str, Any]) -> None:
    with pytest.raises(CheckViolation):
        alert(connection, **columns)


def test_a_booking_of_yclients_is_there_once_a_salon(connection: Connection) -> None:
    booking = {"external_id": "501", "client_id": "1"}
    insert(connection, "public.tenants_v2", id=BREEZE, name="Бриз")
    insert(connection, "dashboard.bookings", tenant_id=AURORA, **booking)
    insert(connection, "dashboard.bookings", tenant_id=BREEZE, **booking)
    with pytest.raises(UniqueViolation):
        insert(connection, "dashboard.bookings", tenant_id=AURORA, **booking)


@pytest.mark.parametrize("columns", [{"status": "came"}, {"yclients_attendance": 3}, {"yclients_attendance": -2}])
def test_a_booking_that_cannot_be(connection: Connection, columns: dict[str, Any]) -> None:
    with pytest.raises(CheckViolation):
        insert(connection, "dashboard.bookings", tenant_id=AURORA, external_id="1", client_id="1", **columns)


@pytest.mark.parametrize("status", ["created", "confirmed", "completed", "cancelled", "no_show"])
def test_every_status_of_a_booking_has_its_place(connection: Connection, status: str) -> None:
    insert(connection, "dashboard.bookings", tenant_id=AURORA, external_id="1", client_id="1", status=status)


def test_a_session_is_copied_once(connection: Connection) -> None:
    insert(connection, "dashboard.conversations", session=1, client_id="1", tenant_id=AURORA)
    with pytest.raises(UniqueViolation):
        insert(connection, "dashboard.conversations", session=1, client_id="1", tenant_id=AURORA)
    with pytest.raises(CheckViolation):
        insert(connection, "dashboard.conversations", session=2, client_id="1", tenant_id=AURORA, status="lost")


@pytest.mark.parametrize("table", ["bookings", "conversations", "metrics_dailies"])
def test_what_is_a_salons_says_whose(connection: Connection, table: str) -> None:
    """Without a tenant a row would be nobody's and could be there twice."""
    needed: dict[str, dict[str, Any]] = {
        "bookings": {"external_id": "1", "client_id": "1"},
        "conversations": {"session": 1, "client_id": "1"},
        "metrics_dailies": {"day": "2026-01-01"},
    }
    with pytest.raises(NotNullViolation):
        insert(connection, f"dashboard.{table}", **needed[table])


def test_a_group_that_moved_is_followed(connection: psycopg.Connection[DictRow]) -> None:
    tenant = connection.execute("insert into public.tenants_v2 (name) values ('Аврора') returning id").fetchone()
    assert tenant
    bot = arrange.bot(connection, "salon-aurora", system="salon")
    connection.execute(
        "insert into dashboard.tenant_settings (tenant_id, bot_id, chat_id) values (%s, %s, -100777)",
        (tenant["id"], bot),
    )

    connection.execute(
        "insert into platform.chat_moves (bot_id, chat_id, new_chat_id) values (%s, -100777, -1001900000777)", (bot,)
    )

    moved = connection.execute("select chat_id from dashboard.tenant_settings").fetchone()
    assert moved == {"chat_id": -1001900000777}
