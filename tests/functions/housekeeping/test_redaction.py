"""What a source's paths name leaves its raw payloads after a day, and nothing else does."""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from functions.housekeeping import redaction, retention
from functions.housekeeping.terms import REDACTED, Term
from infra.admin.corrections import sources as corrections
from infra.admin.corrections.redact_paths import parse
from shared.database.pool import Database
from tests.helpers import arrange, canaries

Plain = psycopg.Connection[DictRow]
PAYLOAD = {
    "user": {"phone": "+7 701 999 00 01", "email": canaries.EMAIL, "id": 1},
    "answers": [{"text": "a", "price": 1.10}, {"text": "b"}],
    "phone": None,
}


@pytest.fixture
def source(connection: Plain) -> int:
    """A source whose payloads lose phones, and the texts of answers."""
    source = arrange.source(connection)
    corrections.redact(connection, source, ["$..phone", "$.answers[*].text"])
    return source


def answer(connection: Plain, source: int | None, age: int, payload: Any = PAYLOAD, **columns: Any) -> int:
    """An answer that came `age` days ago; its id."""
    identity = arrange.event(
        connection, source_id=source, user_id="1", answer_id=str(age), raw_payload=json.dumps(payload), **columns
    )
    statement = "update getcourse.webhook_events set created_at = now() - make_interval(days => %s) where id = %s"
    connection.execute(statement, (age, identity))
    return identity


def payload_of(connection: Plain, identity: int, table: str = "webhook_events") -> Any:
    found = connection.execute(f"select raw_payload from getcourse.{table} where id = %s", (identity,)).fetchone()
    return found and found["raw_payload"]


async def test_named_parts_are_replaced_after_a_day_in_batches(
    database: Database, connection: Plain, source: int
) -> None:
    other = arrange.source(connection, "other")
    old = [answer(connection, source, age, raw_body=b"bytes with a phone") for age in (5, 4, 3)]
    elsewhere, young = answer(connection, other, 3), answer(connection, source, 0)
    waiting = answer(connection, None, 2)

    assert await retention.run(database, seconds=10, batch_rows=2) == {"done": 3, "remaining": 0}

    redacted = {
        "user": {**PAYLOAD["user"], "phone": "…"},  # type: ignore[dict-item]
        "answers": [{"text": "…", "price": 1.10}, {"text": "…"}],
        "phone": "…",
    }
    assert [payload_of(connection, identity) for identity in old] == [redacted] * 3
    assert [payload_of(connection, identity) for identity in (elsewhere, young, waiting)] == [PAYLOAD] * 3
    bodies = connection.execute("select raw_body from getcourse.webhook_events where raw_body is not null")
    assert bodies.fetchall() == []
    assert await retention.run(database, seconds=10, batch_rows=2) == {"done": 0, "remaining": 0}


async def test_events_of_an_account_are_redacted_too(database: Database, connection: Plain, source: int) -> None:
    for age in (2, 0):
        connection.execute(
            "insert into getcourse.account_events (source_id, event_types, object_id, event_date, natural_key,"
            " raw_payload, correlation_id, created_at)"
            " values (%s, '{call}', '1', now(), sha256(%s::text::bytea), %s, 'c', now() - make_interval(days => %s))",
            (source, age, Jsonb({"phone": "1"}), age),
        )

    assert await retention.run(database, seconds=10) == {"done": 1, "remaining": 0}
    left = connection.execute("select raw_payload from getcourse.account_events order by id").fetchall()
    assert [row["raw_payload"] for row in left] == [{"phone": "…"}, {"phone": "1"}]


async def test_a_new_path_counts_for_what_was_redacted_without_it(
    database: Database, connection: Plain, source: int
) -> None:
    old = answer(connection, source, 2)
    await retention.run(database, seconds=10)
    newest = corrections.redact(connection, source, ["$..phone", "$.user.email"])
    assert (newest["payloads"], newest["changed"]) == (1, 1)

    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 1}
    assert await retention.run(database, seconds=10) == {"done": 1, "remaining": 0}
    assert payload_of(connection, old)["user"]["email"] == "…"
    corrections.redact(connection, source, ["$.user.email"])
    assert await retention.run(database, seconds=10) == {"done": 0, "remaining": 0}


async def test_a_delivery_that_was_not_read_is_redacted_where_it_is_json(
    database: Database, connection: Plain, source: int
) -> None:
    bodies = [
        b'{"phone": "1", "n": 1.10}', b'{"n":  2}', b"phone=1", b'{"phone": "1"', b'{"phone": "\xff"}',
        b'{"phone": "\\u0000"}', b"[" * 20_000 + b"]" * 20_000, b"",
    ]  # fmt: skip
    for body in bodies:
        _deliver(connection, source, body, age=2)
    _deliver(connection, source, bodies[0], age=0)
    _deliver(connection, arrange.source(connection, "other"), bodies[0], age=2)

    assert await retention.run(database, seconds=10, batch_rows=3) == {"done": 1, "remaining": 0}

    left = connection.execute("select body from platform.inbox order by id").fetchall()
    assert [row["body"] for row in left] == ['{"n": 1.10, "phone": "…"}'.encode(), *bodies[1:], bodies[0], bodies[0]]
    corrections.redact(connection, source, ["$..n"])
    assert await retention.run(database, seconds=10) == {"done": 2, "remaining": 0}


def _deliver(connection: Plain, source: int, body: bytes, age: int) -> None:
    connection.execute(
        "insert into platform.inbox (source_id, reason, body, correlation_id, delivery_hash, received_at)"
        " values (%s, 'r', %s, 'c', sha256(convert_to(gen_random_uuid()::text, 'UTF8')),"
        " now() - make_interval(days => %s))",
        (source, body, age),
    )


@pytest.mark.parametrize("term", REDACTED, ids=lambda term: term.table)
def test_where_no_source_has_a_path_no_row_is_walked(connection: Plain, term: Term) -> None:
    source = arrange.source(connection)
    answer(connection, source, 2)
    _deliver(connection, source, b"{}", 2)
    walk = redaction.parameters(term, 100, dry_run=False)

    assert connection.execute(redaction.STATEMENT.encode(), walk).fetchone() == {"walked": 0, "changed": 0}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("аb…", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
PATHS = ("$.a", "$..a", "$[*].a", "$.a[*]", "$.b..c", "$['a'].b", "$..a..b")


def expected(value: Any, steps: list[Any]) -> Any:
    """The same in Python."""
    if not steps:
        return "…"
    step, rest = steps[0], steps[1:]
    if step == {}:
        value, rest = expected(value, rest), steps
    if step in ({}, []) and isinstance(value, list):
        return [expected(item, rest) for item in value]
    if step == {} and isinstance(value, dict):
        return {name: expected(item, rest) for name, item in value.items()}
    if isinstance(step, str) and isinstance(value, dict) and step in value:
        return {**value, step: expected(value[step], rest)}
    return value


@pytest.fixture(scope="module")
def module_connection(module_direct_url: str) -> Any:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        yield connection


@settings(max_examples=60)
@given(value=JSON, path=st.sampled_from(PATHS))
def test_the_database_redacts_as_the_paths_say(
    module_connection: psycopg.Connection[Any], value: Any, path: str
) -> None:
    paths = parse([path])
    statement = "select platform.redacted(%s::jsonb, %s::jsonb)"
    [found] = module_connection.execute(statement, (Jsonb(value), Jsonb(paths))).fetchone() or [None]
    assert found == expected(value, paths[path])


def test_what_is_nested_without_an_end_is_cut_off_and_stops_nobody(
    module_connection: psycopg.Connection[Any],
) -> None:
    deep = '{"a": [' * 500 + '{"phone": "1"}' + "]}" * 500
    statement = "select platform.redacted(%s::jsonb, %s::jsonb)::text"
    [found] = module_connection.execute(statement, (deep, Jsonb(parse(["$..phone"])))).fetchone() or [""]
    assert "phone" not in found


@pytest.mark.parametrize("path", ["", "$", "phone", "$.", "$.a b", "$..", "$[0]", "$.a[*", "$['a", "$.*", "$.a" * 21])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="--redact reads a path of JSON"):
        parse([path])


def test_more_paths_than_anybody_needs_are_refused() -> None:
    with pytest.raises(ValueError, match="50 times"):
        parse(["$.a"] * 51)


def test_a_source_that_keeps_no_payload_has_nothing_to_redact(connection: Plain) -> None:
    source = arrange.source(connection, "salon", provider="yclients")
    with pytest.raises(ValueError, match="GetCourse's"):
        corrections.redact(connection, source, ["$.a"])
