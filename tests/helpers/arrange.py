"""Rows that tests start from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from tests.helpers import canaries

SECRETS_KEY = secrets.new_key()


def bot(
    connection: psycopg.Connection[Any], name: str = "school", token: str = canaries.BOT_TOKEN, **columns: Any
) -> int:
    """A getcourse bot that may send."""
    values = {
        "name": name,
        "system": "getcourse",
        "telegram_id": int(token.split(":", maxsplit=1)[0]),
        "token_sealed": secrets.seal(SECRETS_KEY, token, token_associated_data(name)),
        **columns,
    }
    return _insert(connection, "platform.bots", values)


def source(
    connection: psycopg.Connection[Any], name: str = "school", secret: str = canaries.SOURCE_SECRET, **columns: Any
) -> int:
    """A GetCourse source with one secret; answers are not gathered unless asked."""
    values = {"provider": "getcourse", "name": name, "collapse_seconds": 0, **columns}
    identity = _insert(connection, "platform.webhook_sources", values)
    connection.execute(
        "insert into platform.source_secrets (source_id, slot, secret_hash) values (%s, 1, %s)",
        (identity, secrets.hash_secret(secret)),
    )
    return identity


def mentor(connection: psycopg.Connection[Any], **columns: Any) -> int:
    """A mentor, valid since 2020."""
    return _insert(connection, "getcourse.mentors", {"valid_from": "2020-01-01 00:00+00", **columns})


def student(connection: psycopg.Connection[Any], **columns: Any) -> int:
    """A student, valid since 2020."""
    return _insert(connection, "getcourse.students", {"valid_from": "2020-01-01 00:00+00", **columns})


def mapping(
    connection: psycopg.Connection[Any], student_id: int, mentor_id: int, training_id: str, **columns: Any
) -> int:
    """A mapping, valid since 2020."""
    values = {"student_id": student_id, "mentor_id": mentor_id, "training_id": training_id}
    return _insert(connection, "getcourse.mapping", {"valid_from": "2020-01-01 00:00+00", **values, **columns})


def event(connection: psycopg.Connection[Any], **columns: Any) -> int:
    """A stored lesson answer, dated now."""
    return _insert(connection, "getcourse.webhook_events", {"event_date": "now", **columns})


@contextmanager
def unchecked(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Write what no trigger lets in any more, as it was written before."""
    connection.execute("set session_replication_role = replica")
    try:
        yield
    finally:
        connection.execute("reset session_replication_role")


def _insert(connection: psycopg.Connection[Any], table: str, values: dict[str, Any]) -> int:
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    statement = f"insert into {table} ({names}) values ({marks}) returning id"
    row: Any = connection.execute(statement, tuple(values.values())).fetchone()
    return int(row["id"] if isinstance(row, dict) else row[0])
