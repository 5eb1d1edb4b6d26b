"""What housekeeping deleted and the archive's bucket has not got yet: a person's rows are taken out, too."""

import re
from collections.abc import Iterable, Mapping

from infra.admin.database import Connection, fetch_one
from shared.database import sql

Patterns = Mapping[str, Iterable[str]]  # of rows as JSON, by table

_SQL = sql.load(__file__)


def having(column: str, values: Iterable[object]) -> list[str]:
    """Patterns of rows whose `column` is one of `values`, in small letters or capitals."""
    return [f'"{column}": "?{re.escape(str(value))}"?[,}}]' for value in values]


def forget(connection: Connection, patterns: Patterns) -> int:
    """Delete the rows that match, in the transaction of the caller; how many."""
    pairs = [(table, pattern) for table, known in patterns.items() for pattern in known]
    named = {"tables": [table for table, _ in pairs], "patterns": [pattern for _, pattern in pairs]}
    return int(fetch_one(connection, _SQL["delete_rows"], **named)["rows"])
