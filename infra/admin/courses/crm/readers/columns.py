"""Columns that several tables have: who did it, and when."""

from datetime import datetime

from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.row import Row


def author(row: Row, known: Known, column: str) -> int | None:
    """The person whose Telegram id a column has."""
    telegram_id = row.integer(column)
    if telegram_id is None:
        return None
    found = known.users_by_telegram.get(telegram_id)
    if found is None:
        row.drop(column, "is nobody's Telegram id")
    return found


def moment(row: Row, known: Known, column: str) -> datetime:
    """When it was."""
    found = row.instant(column)
    if found is None:
        row.mend(f"{column} is not known: the time of the import stands for it")
    return found or known.now
