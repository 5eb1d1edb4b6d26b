"""Handovers: who waits for a manager, and who took them. Without what customers wrote."""

import re
from typing import Any
from uuid import UUID

from infra.admin.database import Connection, fetch
from shared.database import sql

PHONE = re.compile(r"\+?\d(?:[ ()-]*\d){6,}")

_SQL = sql.load(__file__)


def list_newest(
    connection: Connection, desk: UUID | None = None, *, only_open: bool = False, limit: int = 50
) -> list[dict[str, Any]]:
    """The newest handovers of `desk` or of all, phones masked down to their last four digits."""
    rows = fetch(connection, _SQL["list"], desk=desk, only_open=only_open, limit=limit)
    return [{**row, "person": _masked_name(row["person"]), "phone": _masked(row["phone"])} for row in rows]


def _masked_name(name: str | None) -> str | None:
    """Some customers are called by their phone."""
    return PHONE.sub(lambda found: _masked(found[0]) or "", name) if name else None


def _masked(phone: str | None) -> str | None:
    return f"…{re.sub(r'[^0-9]', '', phone)[-4:]}" if phone else None
