"""The records of a kind: listed, found, added, changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.forms.kinds import Kind
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Listed:
    """A record in a list; `is_ended`: it was cancelled or withdrawn."""

    id: int
    day: date | None
    at: time | None
    is_ended: bool
    name: str | None


@dataclass(frozen=True)
class Choice:
    """What a field can be set to: `value` is stored, `id` goes into the button."""

    id: int
    value: int | str
    name: str


async def page(connection: Connection, kind: Kind, offset: int, most: int) -> list[Listed]:
    """Records, the latest first."""
    rows = await sql.fetch_all(connection, _SQL[f"{kind.name}_page"], {"offset": offset, "most": most})
    return [Listed(**row) for row in rows]


async def find(connection: Connection, kind: Kind, id: int) -> dict[str, Any] | None:  # noqa: A002 - as its column
    """A record's columns as JSON values; None: there is no such record."""
    row = await sql.fetch_optional(connection, _SQL[f"{kind.name}_find"], {"id": id})
    return row["record"] if row else None


async def add(connection: Connection, kind: Kind, values: Mapping[str, Any], by: int | None) -> int | None:
    """A new record's id; None: there is one already that excludes it."""
    parameters = {"values": json.dumps(values), "by": by}
    row = await sql.fetch_optional(connection, _SQL[f"{kind.name}_add"], parameters)
    return row["id"] if row else None


async def change(connection: Connection, kind: Kind, id: int, values: Mapping[str, Any], by: int | None) -> bool:  # noqa: A002
    """Set what `values` names; False: the record is gone, or another one excludes it."""
    parameters = {"id": id, "values": json.dumps(values), "by": by}
    return (await connection.execute(_SQL[f"{kind.name}_change"], parameters)).rowcount == 1


async def set_ended(connection: Connection, person: Person, kind: Kind, id: int, *, is_ended: bool) -> bool:  # noqa: A002
    """Cancel or withdraw a record, or bring it back; whether it is there."""
    return await change(
        connection, kind, id, {kind.ended: person.now.isoformat() if is_ended else None}, person.user_id
    )


async def remove(connection: Connection, kind: Kind, id: int) -> bool:  # noqa: A002
    """Delete a record of a kind that is deleted; whether it was there."""
    return (await connection.execute(_SQL[f"{kind.name}_remove"], {"id": id})).rowcount == 1


async def choices(connection: Connection, field: str) -> list[Choice]:
    """What the field can be set to, in order."""
    return [Choice(**row) for row in await sql.fetch_all(connection, _SQL[f"choices_{field}"])]
