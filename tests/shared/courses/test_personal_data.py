"""Nothing that is kept of a person is left out when they ask for it, or when they leave."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from shared.courses.personal_data import DELETIONS, SQL
from tests.conftest import rows

# What leads to a person, in tables of the schema.
PERSONAL = """
select distinct a.attrelid::regclass::text
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace = 'courses'::regnamespace and c.relkind = 'r' and a.attname in ('user_id', 'telegram_id')
  and a.attnum > 0 and not a.attisdropped
"""
KEPT = {
    "courses.users",
    "courses.consents",
    "courses.payments",
    "courses.payments_history",
}  # why: WHAT_STAYS, in the bot
NAMED_OTHERWISE = {"courses.import_rejections"}


@pytest.fixture(scope="module")
def tables(module_direct_url: str) -> Iterator[set[str]]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        found: list[tuple[Any]] = rows(connection, PERSONAL)
        yield {table for (table,) in found} | NAMED_OTHERWISE


def test_whoever_leaves_takes_everything_along_but_what_is_said_to_stay(tables: set[str]) -> None:
    assert tables == DELETIONS.keys() | KEPT
    assert {name for name, statement in SQL.items() if statement.startswith("delete")} == {
        *DELETIONS.values(), "delete_person",
    }  # fmt: skip


def test_whoever_asks_gets_every_table(tables: set[str]) -> None:
    assert [table for table in tables if f" {table} " not in SQL["collect"]] == []
