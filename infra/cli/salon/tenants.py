"""`carillon salon tenants`: the salons."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.salon.tenants import list_all
from infra.cli.output import AsJson, MaxRows, print_json, print_page

EXAMPLES = "Example: carillon salon tenants --json"
COLUMNS = ("name", "slug", "timezone", "digest_hour", "bot", "chat", "last_session", "last_digest", "active")

TenantArgument = Annotated[str, typer.Argument(metavar="TENANT", help="The salon's slug or id.")]


def tenants(limit: MaxRows = 50, as_json: AsJson = False) -> None:
    """Show the salons: their clock, bot and chat, the bot's last session and our last digest."""
    with connect() as connection:
        rows = list_all(connection)
    if as_json:
        print_json(rows)
    else:
        print_page(rows, COLUMNS, "the bot has no salons yet", limit)
