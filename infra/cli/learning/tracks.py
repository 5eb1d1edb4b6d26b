"""`carillon learning tracks`: what is taught."""

from infra.admin.database import connect, fetch
from infra.cli.output import AsJson, print_json, print_table
from shared.database import sql

EXAMPLES = "Example: carillon learning tracks --json"

_SQL = sql.load(__file__)


def tracks(as_json: AsJson = False) -> None:
    """Show all tracks: how long their roadmaps are, how many templates are their own, how many people learn."""
    with connect() as connection:
        rows = fetch(connection, _SQL["list"])
    if as_json:
        print_json(rows)
    else:
        columns = ("slug", "title", "roadmap_items", "templates", "sessions", "updated")
        print_table(rows, columns, "no tracks yet; add one: carillon learning import FILE.yml")
