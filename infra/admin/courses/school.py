"""The school of this database: its bot, language, zone and quiet hours, and its cohorts."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared.database import sql

COLUMNS = ("name", "language", "timezone", "quiet_from", "quiet_to")

_SQL = sql.load(__file__)


def read(connection: Connection) -> DictRow:
    """Its settings: COLUMNS, and its bot's name as `bot`. Raises AdminError when there is no school."""
    found = fetch(connection, _SQL["read"])
    if not found:
        raise AdminError("there is no school yet", "run: carillon courses init --name NAME")
    return found[0]


def init(connection: Connection, given: Mapping[str, Any], *, bot: str | None = None) -> DictRow:
    """Make the school called `given["name"]`, or change the one that is there. Raises AdminError."""
    with connection.transaction():
        connection.execute(_SQL["add"], {"name": given["name"]})
        return change(connection, given, bot=bot)


def change(connection: Connection, given: Mapping[str, Any], *, bot: str | None = None) -> DictRow:
    """Write the columns that are `given`, and the bot that is called `bot`. Raises AdminError."""
    with connection.transaction():
        read(connection)
        bot_id = None if bot is None else _bot_id(connection, bot)
        connection.execute(_SQL["change"], {**dict.fromkeys(COLUMNS), **given, "bot_id": bot_id})
        return read(connection)


def cohorts(connection: Connection) -> list[DictRow]:
    """All cohorts, with how many take part and how many sessions are theirs alone."""
    return fetch(connection, _SQL["cohorts"])


def _bot_id(connection: Connection, name: str) -> int:
    found = fetch(connection, _SQL["bot"], name=name)
    if not found:
        raise AdminError(
            f"there is no Telegram bot {name} of the courses",
            "look: carillon bots list; or add it: carillon bots add NAME --system courses",
        )
    return int(found[0]["id"])
