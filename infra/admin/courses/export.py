"""Everything that is known of a person, as they may ask for it."""

from typing import Any

from infra.admin.courses import people
from infra.admin.database import Connection, fetch_one
from shared.database import sql

_SQL = sql.load(__file__)


def export(connection: Connection, who: str) -> dict[str, Any]:
    """All rows of the one person known by `who`, as JSON values. Raises AdminError."""
    found: dict[str, Any] = fetch_one(connection, _SQL["person"], id=people.person(connection, who))["everything"]
    return found
