"""Everything that is known of a person, as they may ask for it."""

from typing import Any

from infra.admin.courses import people
from infra.admin.database import Connection, fetch_one
from shared.courses import personal_data


def export(connection: Connection, who: str) -> dict[str, Any]:
    """All rows of the one person known by `who`, as JSON values. Raises AdminError."""
    found = fetch_one(connection, personal_data.SQL["collect"], user_id=people.person(connection, who))
    everything: dict[str, Any] = found["everything"]
    return everything
