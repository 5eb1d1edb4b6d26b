"""`carillon learning tracks`: what is taught."""

from infra.admin.database import connect
from infra.admin.learning.tracks import list_all
from infra.cli.output import AsJson, print_json, print_table

EXAMPLES = "Example: carillon learning tracks --json"
COLUMNS = ("slug", "title", "roadmap_items", "templates", "sessions", "updated")


def tracks(as_json: AsJson = False) -> None:
    """Show all tracks: how long their roadmaps are, how many templates are their own, how many people learn."""
    with connect() as connection:
        rows = list_all(connection)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS, "no tracks yet; add one: carillon learning import FILE.yml")
