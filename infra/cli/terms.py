"""`carillon terms`: how long what belongs to a person is kept, and what leaves with the next housekeeping."""

from collections.abc import Mapping
from typing import Any

from infra.admin import terms as terms_of_tables
from infra.admin.database import connect
from infra.cli.output import AsJson, print_json, print_table, say

EXAMPLES = "Examples: carillon terms, carillon terms --json"
COLUMNS = ("table", "what", "days", "since", "due")


def terms(as_json: AsJson = False) -> None:
    """Show how long each table keeps what belongs to a person, and how many rows are due. Nothing is deleted.

    The function housekeeping deletes them, once a day. What somebody wants deleted sooner, the forget commands delete.
    """
    with connect() as connection:
        rows = terms_of_tables.due(connection)
    if as_json:
        print_json(rows)
        return
    print_table([{**row, "due": _due(row)} for row in rows], COLUMNS, "")
    total, more = sum(row["due"] for row in rows), any(row["more"] for row in rows)
    say(f"{'more than ' if more else ''}{total} rows are due; housekeeping deletes them, once a day")


def _due(row: Mapping[str, Any]) -> str:
    return f"more than {row['due']}" if row["more"] else str(row["due"])
