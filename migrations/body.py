"""Runs the SQL files that stand beside a revision."""

from pathlib import Path
from typing import Any

import psycopg
from alembic import context, op

from migrations import concurrently


def run_sql(revision_file: str, direction: str) -> None:
    """Execute `<revision>.<direction>.sql` as it stands, many statements at once, in the migration's transaction.

    Before it, outside of a transaction, `<revision>.<direction>.concurrently.sql` where there is one. Both go to the
    driver directly: SQLAlchemy would read `:name` and `%` in SQL bodies as parameters.
    """
    revision = Path(revision_file)
    outside = revision.with_suffix(f".{direction}.concurrently.sql")
    if outside.exists():
        attributes = context.config.attributes
        with op.get_context().autocommit_block():
            concurrently.run(_driver(), outside.read_text(encoding="utf-8"), attributes["url"], attributes["report"])
    _driver().execute(revision.with_suffix(f".{direction}.sql").read_text(encoding="utf-8").encode())


def _driver() -> psycopg.Connection[Any]:
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver
