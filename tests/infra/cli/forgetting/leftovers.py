"""Where in the whole database a text still stands."""

from typing import Any

import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows

TABLES = """
select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname in ('platform', 'courses', 'getcourse', 'support', 'learning', 'dashboard')
order by 1
"""


def tables_with(connection: psycopg.Connection[DictRow], *texts: str) -> list[str]:
    """The tables that have one of `texts` in a row, also in bytes."""
    patterns = [f"%{text}%" for text in texts] + [f"%{text.encode().hex()}%" for text in texts]
    found = []
    for table in rows(connection, TABLES):
        query = f"select 1 as there from {table['name']} t where t::text ilike any (%s) limit 1"
        if connection.execute(query.encode(), (patterns,)).fetchone():
            found.append(table["name"])
    return found


def archived(connection: psycopg.Connection[Any], table: str, *more: str) -> None:
    """Let all rows of a table wait for the archive, in one entry, as housekeeping leaves them; `more` behind them."""
    connection.execute(
        f"insert into platform.archive_queue (table_name, day, lines)"
        f" select %s, '2026-03-02', string_agg(line, e'\n') from ("
        f" select to_jsonb(t)::text as line from {table} t union all select unnest(%s::text[])) l".encode(),
        (table, list(more)),
    )


def count(connection: psycopg.Connection[Any], table: str) -> int:
    """How many rows it has."""
    [row] = rows(connection, f"select count(*) as n from {table}")
    return int(row["n"])
