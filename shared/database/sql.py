"""SQL you can read: named blocks of .sql files beside their owner.

A block starts with `-- name: <name>`; comment lines under it explain it. Parameters are `%(name)s` with a
cast, so that every statement can be explained without values.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.database.pool import Connection, Row

_HEADER = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load(python_file: str, name: str | None = None) -> Mapping[str, str]:
    """The blocks of the .sql file that stands beside `python_file` (same stem, or `name`), by name.

    Raises ValueError when two blocks share a name or the file has none.
    """
    path = Path(python_file).with_name(name) if name else Path(python_file).with_suffix(".sql")
    parts = _HEADER.split(path.read_text(encoding="utf-8"))
    blocks = dict(zip(parts[1::2], (body.strip() for body in parts[2::2]), strict=True))
    if len(blocks) * 2 != len(parts) - 1 or not blocks:
        raise ValueError(f"{path.name}: block names must be there, each once")
    return blocks


async def fetch_all(connection: Connection, statement: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """All rows of `statement`."""
    return await (await connection.execute(statement, parameters)).fetchall()


async def fetch_optional(
    connection: Connection, statement: str, parameters: Mapping[str, Any] | None = None
) -> Row | None:
    """The first row of `statement`, or None."""
    return await (await connection.execute(statement, parameters)).fetchone()


async def fetch_one(connection: Connection, statement: str, parameters: Mapping[str, Any] | None = None) -> Row:
    """The row of a `statement` that always answers one."""
    row = await fetch_optional(connection, statement, parameters)
    assert row is not None
    return row


async def fetch_value(connection: Connection, statement: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """The one value of a `statement` that always answers one row with one column."""
    [value] = (await fetch_one(connection, statement, parameters)).values()
    return value
