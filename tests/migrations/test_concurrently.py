"""What runs outside of a transaction: repeated after a broken run, and nobody who writes waits for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from migrations import concurrently
from migrations.concurrently import Connection, unwatched

INDEX = """
-- why it is there
create unique index concurrently numbers_number on scratch.numbers (number);
"""


@pytest.fixture
def autocommit(empty_url: str) -> Iterator[Connection]:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("create schema scratch; create table scratch.numbers (id int primary key, number int)")
        yield connection


def _index(connection: Connection, name: str = "scratch.numbers_number") -> tuple[int, bool] | None:
    query = "select indexrelid::int, indisvalid from pg_index where indexrelid = to_regclass(%s)"
    row = connection.execute(query, (name,)).fetchone()
    return (row[0], row[1]) if row else None


@pytest.mark.parametrize(
    "statement",
    [
        "create index numbers_number on scratch.numbers (number);",
        "create index concurrently if not exists numbers_number on scratch.numbers (number);",
        "create index concurrently numbers_number on numbers (number);",
        "drop index concurrently scratch.numbers_number;",
        "alter table scratch.numbers add column more int;",
        "update scratch.numbers set number = number + 1;",
    ],
)
def test_what_cannot_be_repeated_is_refused(statement: str) -> None:
    with pytest.raises(concurrently.Unrepeatable):
        concurrently.statements(INDEX + statement)


def test_statements_are_read_without_their_comments() -> None:
    assert concurrently.statements(
        INDEX + "drop index concurrently if exists a.b; -- as above\nalter table a.b\n    validate constraint c;"
    ) == [
        "create unique index concurrently numbers_number on scratch.numbers (number)",
        "drop index concurrently if exists a.b",
        "alter table a.b validate constraint c",
    ]


def test_an_invalid_index_of_a_broken_run_is_made_anew_and_a_valid_one_stays(
    empty_url: str, autocommit: Connection
) -> None:
    autocommit.execute("insert into scratch.numbers values (1, 7), (2, 7)")
    with pytest.raises(UniqueViolation):
        concurrently.run(autocommit, INDEX, empty_url, unwatched)
    broken = _index(autocommit)
    assert broken is not None
    assert not broken[1]

    autocommit.execute("delete from scratch.numbers where id = 2")
    concurrently.run(autocommit, INDEX, empty_url, unwatched)
    made = _index(autocommit)
    assert made is not None
    assert made[1]
    assert made[0] != broken[0]

    concurrently.run(autocommit, INDEX, empty_url, unwatched)
    assert _index(autocommit) == made


def test_nobody_who_writes_waits_while_an_index_is_made(empty_url: str, autocommit: Connection) -> None:
    """It waits for a transaction of before, tells for whom, and meanwhile others write."""
    told, reports = Event(), list[tuple[str, str]]()

    def report(statement: str, progress: str) -> None:
        reports.append((statement, progress))
        told.set()

    with ThreadPoolExecutor(1) as pool, psycopg.connect(empty_url) as before:
        before.execute("insert into scratch.numbers values (1, 1)")
        with psycopg.connect(empty_url, autocommit=True) as migrating:
            waits = f"waiting for writers before build (pid {before.info.backend_pid})"
            running = pool.submit(concurrently.run, migrating, INDEX, empty_url, report)
            assert told.wait(60)
            autocommit.execute("set lock_timeout = '1s'")
            autocommit.execute("insert into scratch.numbers values (2, 2)")
            before.commit()
            running.result(timeout=60)

    statement, progress = reports[0]
    assert statement == "create unique index concurrently numbers_number on scratch.numbers (number)"
    assert progress == waits
    made = _index(autocommit)
    assert made is not None
    assert made[1]


def test_what_comes_after_it_waits_no_longer_for_locks_than_what_came_before(
    empty_url: str, autocommit: Connection
) -> None:
    concurrently.run(autocommit, INDEX, empty_url, unwatched)

    limits = autocommit.execute("select current_setting('lock_timeout'), current_setting('statement_timeout')")
    assert limits.fetchone() == ("4s", "15min")
