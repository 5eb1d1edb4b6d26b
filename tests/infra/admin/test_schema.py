"""The schema without the command line."""

from typing import Any

import psycopg

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
