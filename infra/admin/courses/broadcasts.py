"""Broadcasts of the school: how far they are, and whether they go on."""

from collections.abc import Iterator
from typing import Any

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared.courses.broadcasts import SQL as SHARED
from shared.courses.broadcasts import Change
from shared.database import sql

PAGE = 5000  # recipients read at once

_SQL = sql.load(__file__)


def newest(connection: Connection, most: int | None = None) -> list[DictRow]:
    """All broadcasts, or the newest, with their state and the numbers of their recipients."""
    return fetch(connection, _SQL["list"], id=None, most=most)


def show(connection: Connection, broadcast_id: int) -> dict[str, Any]:
    """One of them, and why not everybody has it. Raises AdminError."""
    found = fetch(connection, _SQL["list"], id=broadcast_id, most=1)
    if not found:
        raise AdminError("there is no such broadcast", "look: carillon courses broadcasts list")
    return {**found[0], "reasons": fetch(connection, _SQL["reasons"], id=broadcast_id)}


def change(connection: Connection, broadcast_id: int, how: Change) -> dict[str, Any]:
    """Pause it, let it go on, cancel it, or send it again where nobody knows. Raises AdminError: it cannot be done."""
    found = show(connection, broadcast_id)
    if connection.execute(SHARED[how], {"id": broadcast_id}).rowcount == 0:
        raise AdminError(f"this broadcast is {found['state']}", f"there is nothing to {how}")
    return show(connection, broadcast_id)


def recipients(connection: Connection, broadcast_id: int) -> Iterator[DictRow]:
    """Everybody it is for, with what became of them. Raises AdminError."""
    show(connection, broadcast_id)
    after = 0
    while page := fetch(connection, SHARED["recipients"], id=broadcast_id, after=after, most=PAGE):
        yield from page
        after = page[-1]["user_id"]
