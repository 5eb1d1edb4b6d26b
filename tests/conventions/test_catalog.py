"""What holds for every table, read from the catalog."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.conftest import rows

OURS = """
select oid from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
"""


@pytest.fixture(scope="module")
def catalog(module_direct_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        yield connection


def test_every_instant_knows_its_time_zone(catalog: psycopg.Connection[Any]) -> None:
    naive = f"""
        select attrelid::regclass::text, attname from pg_attribute
        where atttypid in ('timestamp'::regtype, 'timestamp[]'::regtype, 'time'::regtype) and not attisdropped
          and attrelid in (
              select oid from pg_class where relkind <> 'i' and relnamespace in ({OURS}))
    """

    assert rows(catalog, naive) == []


def test_every_table_has_a_primary_key(catalog: psycopg.Connection[Any]) -> None:
    keyless = """
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
          and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
    """

    assert rows(catalog, keyless) == []


def test_every_foreign_key_that_is_followed_backwards_has_an_index(catalog: psycopg.Connection[Any]) -> None:
    """Without one, deleting a row of the other table reads this whole table."""
    unindexed = """
        select conrelid::regclass::text, conname from pg_constraint k
        where contype = 'f' and confdeltype <> 'a' and not exists (
            select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
              and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
    """

    assert rows(catalog, unindexed) == []
