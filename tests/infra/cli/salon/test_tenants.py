"""carillon salon: users, tenants, and audits that are written together with what they record."""

import getpass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg.errors import RaiseException
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon
from tests.migrations.tenant_isolation import AURORA, BREEZE, insert

Connection = psycopg.Connection[DictRow]

ADD = ("salon", "add-user")
PASSWORD = "a long and quiet sentence"


@pytest.fixture
def salon(connection: Connection) -> UUID:
    """A salon with a session."""
    insert(connection, "public.tenants_v2", id=AURORA, name="Аврора", slug="aurora")
    client = insert(connection, "public.clients_v2", tenant_id=AURORA)
    insert(connection, "public.conversation_sessions_v2", session_id=AURORA, tenant_id=AURORA, user_id=client,
           channel="telegram", started_at=datetime(2026, 1, 1, 12, tzinfo=UTC), final_status="done")  # fmt: skip
    return AURORA


def test_a_user_gets_in_with_a_hash_and_a_lower_cased_address(
    carillon: Carillon, connection: Connection, salon: UUID
) -> None:
    added = carillon(
        *ADD, "Owner@Example.com", "--role", "admin", "--tenant", "aurora", "--password-stdin", stdin=PASSWORD + "\n"
    )

    assert (added.code, added.err) == (0, "")
    [user] = rows(connection, "select * from dashboard.users")
    assert (user["email"], user["role"], user["tenant_id"]) == ("owner@example.com", "admin", salon)
    assert user["encrypted_password"].startswith("$argon2id$")
    assert PasswordHasher().verify(user["encrypted_password"], PASSWORD)
    assert PASSWORD not in added.out
    [audit] = rows(connection, "select * from dashboard.audits")
    assert (audit["actor"], audit["action"], audit["tenant_id"]) == (f"cli:{getpass.getuser()}", "add_user", salon)
    assert "example.com" not in str(audit)
    assert audit["metadata"] == {"user": user["id"], "role": "admin"}


def test_a_super_admin_has_no_salon(carillon: Carillon, connection: Connection) -> None:
    added = carillon(*ADD, "me@example.com", "--role", "super_admin", "--password-stdin", "--json", stdin=PASSWORD)

    assert added.json["tenant"] is None
    assert rows(connection, "select role, tenant_id from dashboard.users") == [
        {"role": "super_admin", "tenant_id": None}
    ]


@pytest.mark.usefixtures("salon")
@pytest.mark.parametrize(
    ("arguments", "password", "code", "message"),
    [
        (["a@example.com", "--role", "admin", "--tenant", "aurora"], "eleven-char", 2, "12 characters"),
        (["a@example.com", "--role", "admin", "--tenant", "aurora"], "", 2, "12 characters"),
        (["a@example.com", "--role", "admin", "--tenant", "aurora"], "x" * 1025, 2, "12 characters"),
        (["a@example.com", "--role", "admin"], PASSWORD, 2, "--tenant"),
        (["a@example.com", "--role", "staff"], PASSWORD, 2, "--tenant"),
        (["a@example.com", "--role", "super_admin", "--tenant", "aurora"], PASSWORD, 2, "--tenant"),
        (["a@example.com", "--role", "owner", "--tenant", "aurora"], PASSWORD, 2, "super_admin"),
        (["a@example", "--role", "super_admin"], PASSWORD, 2, "e-mail"),
        (["a b@example.com", "--role", "super_admin"], PASSWORD, 2, "e-mail"),
        (["a@example.com", "--role", "admin", "--tenant", "nobody"], PASSWORD, 1, "carillon salon tenants"),
        (["a@example.com", "--role", "admin", "--tenant", str(BREEZE)], PASSWORD, 1, "carillon salon tenants"),
    ],
)
def test_nobody_gets_in_by_a_mistake(
    carillon: Carillon, connection: Connection, arguments: list[str], password: str, code: int, message: str
) -> None:
    refused = carillon(*ADD, *arguments, "--password-stdin", stdin=password)

    assert refused.code == code
    assert message in refused.err
    assert rows(connection, "select from dashboard.users") == rows(connection, "select from dashboard.audits") == []


def test_an_address_is_taken_once_however_it_is_written(carillon: Carillon, connection: Connection) -> None:
    add = (*ADD, "--role", "super_admin", "--password-stdin")
    carillon(*add, "me@example.com", stdin=PASSWORD)
    again = carillon(*add, "ME@example.com", stdin=PASSWORD)

    assert (again.code, "already" in again.err) == (1, True)
    assert len(rows(connection, "select from dashboard.audits")) == 1


@pytest.mark.usefixtures("salon")
def test_users_are_listed_without_secrets(carillon: Carillon) -> None:
    carillon(
        *ADD, "a@example.com", "--role", "staff", "--tenant", str(AURORA).upper(), "--password-stdin", stdin=PASSWORD
    )

    listed = carillon("salon", "users", "--json")
    assert [(user["email"], user["role"], user["tenant"]) for user in listed.json] == [
        ("a@example.com", "staff", "aurora")
    ]
    assert "argon2" not in listed.out + carillon("salon", "users").out


def test_tenants_are_listed_with_what_we_know_of_them(carillon: Carillon, connection: Connection, salon: UUID) -> None:
    insert(connection, "public.tenants_v2", id=BREEZE, name="Бриз", metadata='{"telegram_bot_token": "top secret"}')
    bot = arrange.bot(connection, "salon-aurora", system="salon")
    insert(connection, "dashboard.tenant_settings", tenant_id=salon, bot_id=bot, chat_id=-1001, timezone="Asia/Oral")
    insert(
        connection, "dashboard.metrics_dailies", tenant_id=salon, day="2026-01-01", digest_sent_at="2026-01-02 04:00Z"
    )

    listed = carillon("salon", "tenants", "--json")

    assert "secret" not in listed.out
    aurora, breeze = listed.json
    assert [aurora[c] for c in ("name", "slug", "timezone", "digest_hour", "bot", "chat")] == [
        "Аврора", "aurora", "Asia/Oral", 9, "salon-aurora", -1001,
    ]  # fmt: skip
    assert datetime.fromisoformat(aurora["last_session"]) == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert datetime.fromisoformat(aurora["last_digest"]) == datetime(2026, 1, 2, 4, tzinfo=UTC)
    assert [breeze[c] for c in ("slug", "timezone", "bot", "chat", "last_session", "last_digest")] == [
        None, "Asia/Almaty", None, None, None, None,
    ]  # fmt: skip
    assert "Аврора" in carillon("salon", "tenants").out


@pytest.mark.usefixtures("salon")
@pytest.mark.parametrize(
    "arguments",
    [
        [*ADD, "a@example.com", "--role", "staff", "--tenant", "aurora", "--password-stdin"],
        ["salon", "settings", "aurora", "--digest-hour", "7"],
    ],
)
def test_without_its_audit_nothing_is_done(carillon: Carillon, connection: Connection, arguments: list[str]) -> None:
    connection.execute(
        "create function public.refuse() returns trigger language plpgsql as $$ begin raise 'no room'; end $$"
    )
    connection.execute("create trigger refuse before insert on dashboard.audits execute function public.refuse()")

    assert carillon(*arguments, stdin=PASSWORD).code == 1
    assert rows(connection, "select from dashboard.users") == []
    assert rows(connection, "select from dashboard.tenant_settings") == []
    with pytest.raises(RaiseException):
        insert(connection, "dashboard.audits", action="x", description="x")


def test_the_doctor_reports_each_salon(carillon: Carillon, connection: Connection, salon: UUID) -> None:
    insert(connection, "public.tenants_v2", id=BREEZE, name="Бриз", slug="breeze", is_active=False)
    assert salon_lines(carillon) == [
        ("warning", "Аврора is not connected"),
        ("warning", "more than 6 hours ago"),
    ]

    bot = arrange.bot(connection, "salon-aurora", system="salon")
    insert(connection, "dashboard.tenant_settings", tenant_id=salon, bot_id=bot, stale_hours=24)
    recent = datetime.now(UTC) - timedelta(hours=23)
    connection.execute("update public.conversation_sessions_v2 set started_at = %s", (recent,))
    assert salon_lines(carillon) == [("ok", "Аврора is connected, no digest yet")]

    connection.execute("update public.conversation_sessions_v2 set started_at = %s", (recent - timedelta(hours=2),))
    insert(
        connection, "dashboard.metrics_dailies", tenant_id=salon, day="2026-01-01", digest_sent_at="2026-01-02 04:00Z"
    )
    assert salon_lines(carillon) == [("ok", "last digest 2026-01-02"), ("warning", "more than 24 hours ago")]


@pytest.mark.usefixtures("salon")
def test_the_doctor_reports_who_else_may_read_the_bots_tables_and_who_cannot(
    carillon: Carillon, connection: Connection
) -> None:
    """Where they are somebody else's, its policies and grants are theirs, too."""
    connection.execute("alter table public.clients_v2 disable row level security")
    connection.execute("drop policy keepers on public.wishlist_v2")

    findings = [finding for _, finding in salon_lines(carillon, whole=True)]

    assert "clients_v2 of the bot is open to authenticated, without row level security" in findings
    assert "the bot's policies hide the rows of wishlist_v2 from dashboard_reader" in findings


def salon_lines(carillon: Carillon, *, whole: bool = False) -> list[tuple[str, str]]:
    """Level and end of each line about the salons."""
    lines = [line for line in carillon("doctor", "--offline", "--json").json["findings"] if line["area"] == "salon"]
    assert all(line["next_step"] for line in lines if line["status"] != "ok")
    if whole:
        return [(line["status"], line["message"]) for line in lines]
    known = ("Аврора is not connected", "more than 6 hours ago", "more than 24 hours ago",
             "Аврора is connected, no digest yet", "last digest 2026-01-02")  # fmt: skip
    return [
        (line["status"], next((part for part in known if part in line["message"]), line["message"])) for line in lines
    ]
