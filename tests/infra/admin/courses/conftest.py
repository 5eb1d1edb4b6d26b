"""A crm.db, and a school that takes it over."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.courses.crm.importing import import_file
from infra.admin.courses.crm.report import Report
from tests.helpers import crm

Connection = psycopg.Connection[DictRow]
Import = Callable[..., Report]


@pytest.fixture
def school(connection: Connection) -> Connection:
    """A database with a school in it."""
    connection.execute("insert into courses.school (name) values ('Школа')")
    return connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A clean crm.db."""
    return crm.make(tmp_path / "crm.db")


@pytest.fixture
def take_over(school: Connection, path: Path) -> Import:
    """Imports the file after it was tried, which must have said the same. Totals add up."""

    def run(file: Path = path) -> Report:
        tried = import_file(school, file)
        report = import_file(school, file, write=True)
        assert [vars(table) for table in tried.tables] == [vars(table) for table in report.tables]
        assert tried.notes == report.notes
        for table in report.tables:
            assert table.read == table.taken + table.already_here + table.rejected
            assert table.mended <= table.taken
        return report

    return run


def of(report: Report, table: str) -> dict[str, object]:
    """What came of a table's rows."""
    [found] = [counted for counted in report.tables if counted.table == table]
    return {name: value for name, value in vars(found).items() if value and name not in ("table", "rejected_rows")}
