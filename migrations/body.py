"""Runs the SQL file that stands beside a revision."""

from pathlib import Path

from alembic import op


def run_sql(revision_file: str, direction: str) -> None:
    """Execute `<revision>.<direction>.sql` as it stands, many statements at once.

    It goes to the driver directly: SQLAlchemy would read `:name` and `%` in SQL bodies as parameters.
    """
    body = Path(revision_file).with_suffix(f".{direction}.sql").read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(body)
