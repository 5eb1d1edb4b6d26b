"""Files like crm.db for tests: the example's rows, in tables that are declared as there or promise nothing."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from infra.admin.courses.crm.example import HASH, SCHOOL, TABLES, insert

__all__ = ["HASH", "SCHOOL", "TABLES", "add", "columns_of", "insert", "loose", "make"]


def make(path: Path, *, declared: Mapping[str, str] = TABLES, rows: bool = True) -> Path:
    """A crm.db at `path` with the tables `declared`, and the rows of SCHOOL."""
    with closing(sqlite3.connect(path)) as database, database:
        for name, columns in declared.items():
            database.execute(f"create table {name} ({columns})")
        for table, found in SCHOOL.items() if rows else ():
            for row in found:
                insert(database, table, row)
    return path


def add(path: Path, table: str, *rows: Mapping[str, Any]) -> None:
    """Add rows to the crm.db at `path`."""
    with closing(sqlite3.connect(path)) as database, database:
        for row in rows:
            insert(database, table, row)


def loose(*tables: str) -> dict[str, str]:
    """TABLES, where those named promise nothing any more: no types, no keys, no checks."""
    bare = {name: ", ".join(columns_of(columns)) for name, columns in TABLES.items()}
    return {name: bare[name] if name in tables else columns for name, columns in TABLES.items()}


def columns_of(declared: str) -> list[str]:
    """The names of the columns."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"create table t ({declared})")
        return [row[1] for row in database.execute("pragma table_info(t)")]
