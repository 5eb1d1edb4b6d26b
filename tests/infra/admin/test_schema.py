"""The schema without the command line."""

from typing import Any

import psycopg
import pytest

from infra.admin import schema
from shared.database import sql
from tests.conftest import rows

SCHEMAS_WITH_TABLES = """
    select distinct n.nspname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p')
      and n.nspname not in ('public', 'information_schema') and left(n.nspname, 3) <> 'pg_'"""


def test_a_reset_asks_about_rows_in_every_schema_of_ours(connection: psycopg.Connection[Any]) -> None:
    statement = sql.load(schema.__file__)["is_filled"]
    names = [row["name"] for row in rows(connection, SCHEMAS_WITH_TABLES)]

    assert {"platform", "learning"} <= set(names)
    assert [name for name in names if f"'{name}'" not in statement] == []


def test_the_revision_of_a_migrated_database_is_the_newest(connection: psycopg.Connection[Any]) -> None:
    assert schema.revision(connection) == schema.newest()
    assert schema.status(connection).counts["bots"] == 0


@pytest.mark.parametrize(
    ("facts", "precious"),
    [
        ({"is_local": True, "is_filled": True, "has_sent": False}, False),
        ({"is_local": True, "is_filled": True, "has_sent": True}, True),
        ({"is_local": False, "is_filled": True, "has_sent": False}, True),
        ({"is_local": False, "is_filled": False, "has_sent": False}, False),
    ],
)
def test_what_was_used_or_is_filled_elsewhere_is_precious(facts: dict[str, bool], precious: bool) -> None:  # noqa: FBT001
    contents = schema.Contents("tower", "db.example.com", **facts)

    assert (contents.is_precious, str(contents)) == (precious, "tower at db.example.com")


@pytest.mark.parametrize(
    ("address", "local"),
    [("", True), ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("10.0.0.5", False), ("fe80::1%eth0", False)],
)
def test_sockets_and_loopback_are_this_machine(address: str, local: bool) -> None:  # noqa: FBT001
    assert schema.is_local(address) is local
