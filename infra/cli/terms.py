"""`carillon terms`: how long what belongs to a person is kept, and what leaves with the next housekeeping."""

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
    print_table(rows, COLUMNS, "")
    say(f"{sum(row['due'] for row in rows)} rows are due; housekeeping deletes them, once a day")
