"""What the schema support refuses, whoever asks."""

from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, NotNullViolation, UniqueViolation
from psycopg.rows import DictRow

Plain = psycopg.Connection[DictRow]

STATUSES = ("pending", "active", "resolved", "bot_handling", "timeout")
MOVES = {
    ("pending", "active"), ("pending", "bot_handling"), ("pending", "timeout"),
    ("active", "resolved"), ("active", "bot_handling"),
}  # fmt: skip


def one(connection: Plain, query: str, *values: Any) -> Any:
    row = connection.execute(query, values).fetchone()
    assert row
    return next(iter(row.values()))


@pytest.fixture
def client(connection: Plain) -> Any:
    identity = one(connection, "insert into support.clients (name) values ('Салон «Эхо»') returning id")
    connection.execute("insert into support.client_settings (client_id) values (%s)", (identity,))
    return identity


@pytest.fixture
def conversation(connection: Plain, client: Any) -> Any:
    user = one(
        connection,
        "insert into support.users (client_id, remote_jid) values (%s, '77010000000@s.whatsapp.net') returning id",
        client,
    )
    return one(
        connection, "insert into support.conversations (client_id, user_id) values (%s, %s) returning id", client, user
    )


def handover(connection: Plain, conversation: Any, status: str = "pending") -> Any:
    return one(
        connection,
        "insert into support.handovers"
        " (conversation_id, client_id, status, trigger_type, assigned_to_name, resolved_at)"
        " select id, client_id, %s, 'keyword', 'Алия', case when %s not in ('pending', 'active') then now() end"
        " from support.conversations where id = %s returning id",
        status, status, conversation,
    )  # fmt: skip


@pytest.mark.usefixtures("client")
def test_the_defaults_are_the_documents(connection: Plain) -> None:
    [settings] = connection.execute(
        "select reminder_timeout_1, reminder_timeout_2, auto_close_timeout, escalation_cooldown_minutes"
        " from support.client_settings"
    ).fetchall()

    assert list(settings.values()) == [30, 60, 120, 30]


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    "change",
    [
        "reminder_timeout_1 = 60",
        "reminder_timeout_1 = 0",
        "reminder_timeout_2 = 120",
        "reminder_timeout_2 = 30",
        "auto_close_timeout = 60",
        "auto_close_timeout = 100000",
        "escalation_cooldown_minutes = -1",
        "confidence_threshold = 1.5",
        "telegram_chat_id = 'our group'",
        "telegram_chat_id = ''",
        "owner_telegram_id = 'a b'",
        "second_mute_minutes = 1",
    ],
)
def test_nonsense_is_no_setting(connection: Plain, change: str) -> None:
    with pytest.raises(CheckViolation):
        connection.execute(f"update support.client_settings set {change}")


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("column", ["reminder_timeout_1", "reminder_timeout_2", "auto_close_timeout", "timezone"])
def test_a_setting_is_never_null(connection: Plain, column: str) -> None:
    with pytest.raises(NotNullViolation):
        connection.execute(f"update support.client_settings set {column} = null")


def test_a_conversation_has_one_open_handover(connection: Plain, conversation: Any) -> None:
    handover(connection, conversation)

    with pytest.raises(UniqueViolation):
        handover(connection, conversation)
    with pytest.raises(UniqueViolation):
        handover(connection, conversation, "active")
    handover(connection, conversation, "resolved")


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_a_handover_goes_only_where_the_document_lets_it(
    connection: Plain, conversation: Any, before: str, after: str
) -> None:
    identity = handover(connection, conversation, before)
    move = (
        "update support.handovers"
        " set status = %s, resolved_at = case when %s not in ('pending', 'active') then now() end"
    )

    if before == after or (before, after) in MOVES:
        connection.execute(move, (after, after))
        assert one(connection, "select status from support.handovers where id = %s", identity) == after
    else:
        with pytest.raises(CheckViolation):
            connection.execute(move, (after, after))


def test_a_message_of_the_gateway_is_stored_once(connection: Plain, client: Any, conversation: Any) -> None:
    message = (
        "insert into support.messages (conversation_id, client_id, role, external_id) values (%s, %s, 'user', 'A1')"
    )
    connection.execute(message, (conversation, client))

    with pytest.raises(UniqueViolation):
        connection.execute(message, (conversation, client))


@pytest.mark.parametrize("owner", ["null", "client"])
def test_one_prompt_of_a_name_is_active(connection: Plain, client: Any, owner: str) -> None:
    of = client if owner == "client" else None
    prompt = (
        "insert into support.prompts (client_id, name, text, is_active) values (%s, 'system_prompt', 'Отвечай', %s)"
    )
    connection.execute(prompt, (of, True))
    connection.execute(prompt, (of, False))

    with pytest.raises(UniqueViolation):
        connection.execute(prompt, (of, True))


def test_the_numbers_say_how_long_people_waited(connection: Plain, conversation: Any) -> None:
    for minutes, status in ((2, "resolved"), (10, "resolved"), (None, "timeout")):
        identity = handover(connection, conversation, status)
        connection.execute(
            "update support.handovers set first_response_at = created_at + make_interval(mins => %s) where id = %s",
            (minutes, identity),
        )

    [numbers] = connection.execute("select * from support.v_handover_numbers").fetchall()

    assert (numbers["handovers"], numbers["timeouts"], float(numbers["timeout_percent"])) == (3, 1, 33.3)
    assert float(numbers["first_response_p50_minutes"]) == 6.0
    assert float(numbers["first_response_p90_minutes"]) == 9.2
