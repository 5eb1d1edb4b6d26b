"""Whatever is in a crm.db: totals add up, a dry run says what the real run does, a rerun takes nothing again."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow, dict_row

from infra.admin.courses.crm.importing import import_file
from tests.helpers import crm

Connection = psycopg.Connection[DictRow]

WORDS = (
    "", " ", "None", "NULL", "0", "1", " 7 ", "7.0", "1e3", "-1", "abc", "±79990000018", "8 999 000-00-18", "a@b",
    "@nick",
    "present", "late", "LATE", "admin", "user", "all", "cohort", "done", "pending", "queued", "sent", "2025-09-13",
    "13.09.2025", "2025-13-45", "2025-09-13 10:00:00", "2025-09-13T10:00:00+03:00", "9999-12-31", "0001-01-01", "18:30",
    "25:00", '{"a": 1}', '{"a": NaN}', '{"\\u0000": "\\ud800"}', "[" * 2000, "x" * 3000, "А\0Б", "\u2028", "\x85",
    "😀", crm.HASH, "01011990", "https://example.com",
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 4, 5, 17, 18, -1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 1757757600, 100000017, 900000001)
CELLS = st.one_of(
    st.none(), st.sampled_from(WORDS), st.sampled_from(NUMBERS), st.floats(allow_nan=False), st.binary(max_size=8),
    st.text(max_size=8),
)  # fmt: skip
COLUMNS = {name: crm.columns_of(declared) for name, declared in crm.TABLES.items()}
# Cells that fit often enough for rows to be taken, and to meet each other.
FITTING = {
    "id": st.integers(1, 12), "user_id": st.sampled_from((17, 18, 1, 2)), "session_id": st.sampled_from((4, 5)),
    "status": st.sampled_from(("present", "absent", "late", "done", "sent")), "paid": st.integers(0, 1),
    "date": st.sampled_from(("2025-09-13", "13.09.2025")), "start_date": st.just("2025-09-13"),
    "time_start": st.just("18:30"), "link": st.just("https://example.com"), "broadcast_id": st.sampled_from((1, 2)),
    "given": st.just(1), "telegram_id": st.sampled_from((100000017, 5)),
}  # fmt: skip


@st.composite
def added(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """Rows to add, whose tables promise nothing."""
    found = []
    for table in draw(st.lists(st.sampled_from(sorted(COLUMNS)), max_size=25)):
        row = {name: draw(FITTING[name] | CELLS if name in FITTING else CELLS) for name in COLUMNS[table]}
        found.append((table, row))
    return found


@pytest.fixture(scope="module")
def school(module_direct_url: str) -> Iterator[Connection]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("insert into courses.school (name) values ('Школа')")
        yield connection


@settings(max_examples=20)
@given(found=added())
def test_totals_add_up_and_a_dry_run_says_what_is_done(
    school: Connection, found: list[tuple[str, dict[str, Any]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, school.transaction(force_rollback=True):
        path = crm.make(Path(folder) / "crm.db", declared=crm.loose(*crm.TABLES))
        _add(path, found)

        tried = import_file(school, path)
        done = import_file(school, path, write=True)
        again = import_file(school, path, write=True)

        assert [vars(table) for table in tried.tables] == [vars(table) for table in done.tables]
        for table in (*done.tables, *again.tables):
            assert table.read == table.taken + table.already_here + table.rejected
            assert table.mended <= table.taken
            assert table.rejected == sum(table.reasons.values())
        assert [table.table for table in again.tables if table.taken or table.made] == []
        assert [table.already_here for table in again.tables] == [table.taken for table in done.tables]
        _assert_all_is_here(school, done.tables)


def _add(path: Path, found: list[tuple[str, dict[str, Any]]]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for table, row in found:
            for name, cell in row.items():  # a lone half of a character is no text for SQLite either
                row[name] = cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell
            crm.insert(database, table, row)


def _assert_all_is_here(school: Connection, tables: Any) -> None:
    for table in tables:
        [here] = school.execute(f"select count(*) from courses.{table.table}").fetchall()
        assert here["count"] == table.taken + table.made, table.table
