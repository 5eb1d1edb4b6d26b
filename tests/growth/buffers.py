"""How many pages each statement touches, on one database."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg import sql

from tests.conventions import tree
from tests.conventions.tree import Statement
from tests.growth.filling import Life
from tests.growth.parameters.common import COMMON
from tests.growth.parameters.pages import CLAIMS
from tests.growth.parameters.particular import PARTICULAR

FLOOR = 50  # who touches less may double as they like
# A demo plays on an empty database.
STATEMENTS = [
    found for found in tree.statements("functions", "shared", "infra") if not found.path.startswith("infra/demo/")
]
# Without claims a viewer sees nothing.
AS_VIEWER = f"""
    select set_config('request.jwt.claims', {CLAIMS}, true), set_config('role', 'authenticated', true)
""".encode()
PARAMETER = re.compile(r"%\((\w+)\)s::([a-z_0-9.]+(?:\[\])?)")
# All of our tables and indexes; what triggers and foreign keys touch is in it.
TOUCHED = """
    select coalesce(sum(pg_stat_get_xact_blocks_fetched(c.oid)), 0)::bigint
    from pg_catalog.pg_class c
    where c.oid >= 16384 and c.relkind in ('r', 'i', 't', 'm')
"""


# Undone rows stay in their table and in its indexes, where the next statement would meet them. A page that lost a row
# for a moment is looked into by who could have read the index alone.
WRITTEN = """
    select format('%I.%I', n.nspname, c.relname)
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.oid >= 16384 and c.relkind = 'r'
      and pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
          + pg_stat_get_xact_tuples_deleted(c.oid) > 0
"""


@dataclass(frozen=True)
class Measured:
    """What a statement cost, or why it did not run."""

    buffers: int
    plan: str
    error: str = ""

    @property
    def ms(self) -> float:
        """As Postgres says, without planning."""
        found = re.search(r"Execution Time: ([\d.]+) ms", self.plan)
        return float(found[1]) if found else 0.0


def expressions(statement: Statement) -> dict[str, str]:
    """What each parameter of `statement` is, as SQL. Raises KeyError for one that nothing is known of."""
    name = str(statement)
    fitting = sorted((start for start in PARTICULAR if name.startswith(start)), key=len)
    known = dict(COMMON)
    for start in fitting:
        known |= PARTICULAR[start]
    return {parameter: known[f"{parameter}::{kind}"] for parameter, kind in PARAMETER.findall(statement.text)}


def measure(
    url: str, life: Life, statements: list[Statement], *, index: bool = True, prepared: bool = False
) -> Iterator[tuple[Statement, Measured]]:
    """Run each of `statements` once, as who may do all (reports as the viewer whom they are for), and undo what it did.

    Of a small table Postgres would rather read all. With `index`, asked is whether it must. With `prepared` it runs by
    the plan that a connection has for it after some times.
    """
    with psycopg.connect(url, autocommit=True) as connection, psycopg.ClientCursor(connection) as asking:
        connection.execute("set random_page_cost = 1.1; set jit = off")
        if index:
            connection.execute("set enable_seqscan = off; set seq_page_cost = 10")
        for statement in statements:
            try:
                values = _values(asking, life, expressions(statement))
            except KeyError as unknown:
                yield statement, Measured(0, "", f"nobody knows what {unknown} is")
                continue
            with connection.transaction(force_rollback=True):
                if statement.path.startswith(tree.VIEWERS):
                    connection.execute(AS_VIEWER)
                measured = _measured(connection, statement, values, prepared=prepared)
                written = [table for (table,) in connection.execute(WRITTEN)]
            if written:  # the indexes, too: a plain vacuum leaves them alone where only a few rows are dead
                connection.execute(f"vacuum (index_cleanup on, truncate off) {', '.join(written)}".encode())
            yield statement, measured


def _values(asking: psycopg.ClientCursor[Any], life: Life, wanted: Mapping[str, str]) -> dict[str, str | None]:
    if not wanted:
        return {}
    asked = ", ".join(f"({expression})::text" for expression in wanted.values())
    row = asking.execute(f"select {asked}".encode(), asdict(life)).fetchone()
    return dict(zip(wanted, row or (), strict=True))


def _measured(
    connection: psycopg.Connection[Any], statement: Statement, values: Mapping[str, str | None], *, prepared: bool
) -> Measured:
    text = statement.text.encode()
    try:
        if prepared:
            text = _prepare(connection, statement.text, values)
        given = None if prepared else values
        before = _touched(connection)
        with connection.transaction():
            lines = connection.execute(b"explain (analyze, buffers, timing off) " + text, given).fetchall()
            connection.execute("set constraints all immediate")
    except psycopg.Error as error:
        return Measured(0, "", f"{type(error).__name__}: {error}".splitlines()[0])
    return Measured(_touched(connection) - before, "\n".join(line for (line,) in lines))


def _prepare(connection: psycopg.Connection[Any], text: str, values: Mapping[str, str | None]) -> bytes:
    """What runs the statement by the plan that Postgres settles on: it tries five for these very values before."""
    names = list(values)
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", text).replace("%%", "%")
    connection.execute("deallocate all")
    connection.execute(f"prepare measured as {numbered.rstrip().rstrip(';')}".encode())
    given = sql.SQL(", ").join(sql.Literal(value) for value in values.values())
    execute = sql.SQL("execute measured({})" if values else "execute measured").format(given).as_bytes(connection)
    for _ in range(5):
        connection.execute(b"explain " + execute, None)
    return execute


def _touched(connection: psycopg.Connection[Any]) -> int:
    [number] = connection.execute(TOUCHED).fetchone() or [0]
    return int(number)
