"""Handovers: who waits for a manager, and who took them. Without what customers wrote."""

from typing import Any
from uuid import UUID

from infra.admin.database import Connection, fetch
from shared import masking
from shared.database import sql

_SQL = sql.load(__file__)


def list_newest(
    connection: Connection, desk: UUID | None = None, *, only_open: bool = False, limit: int = 50
) -> list[dict[str, Any]]:
    """The newest handovers of `desk` or of all, phones masked down to their last four digits."""
    rows = fetch(connection, _SQL["list"], desk=desk, only_open=only_open, limit=limit)
    return [
        {
            **row,
            "person": masking.mask_name(row["person"]) if row["person"] else None,
            "phone": masking.mask_phone(row["phone"]) if row["phone"] else None,
        }
        for row in rows
    ]
