"""A bot's settings can be changed; it can be removed while nothing depends on it."""

from collections.abc import Mapping
from typing import Any

from psycopg import errors
from psycopg.rows import DictRow

from infra.admin import bots
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.salon.tenants import as_keeper
from shared.database import sql

_SQL = sql.load(__file__)


def read(connection: Connection, name: str) -> DictRow:
    """A bot's settings; paces in seconds. Raises AdminError when there is no such bot."""
    found = fetch(connection, _SQL["read"], name=name)
    if not found:
        raise AdminError(f"there is no bot {name}", "look: carillon bots list")
    return found[0]


def change(connection: Connection, name: str, given: Mapping[str, Any]) -> DictRow:
    """Write the columns that are `given`; the settings now. Raises ValueError for an address, AdminError."""
    with connection.transaction():
        row = read(connection, name)
        if "address" in given:
            bots.check_address(row["channel"], given["address"])
        connection.execute(_SQL["write"], {**row, **given})
        return read(connection, name)


def remove(connection: Connection, name: str, *, with_history: bool) -> int:
    """Remove a bot that nobody speaks through, `with_history` with its messages; how many. Raises AdminError."""
    with connection.transaction():
        bot = read(connection, name)
        _check_unused(connection, bot)
        messages = fetch_one(connection, _SQL["messages"], bot=bot["id"])
        if messages["waiting"]:
            raise AdminError(
                f"{messages['waiting']} messages of {name} wait to be sent",
                f"never send them: carillon outbox cancel --bot {name}; or let them wait: carillon bots pause {name}",
            )
        if messages["ended"] and not with_history:
            raise AdminError(
                f"{messages['ended']} messages of {name} are kept for 30 to 90 days after they ended",
                f"delete them, too: --with-history; or keep the bot: carillon bots pause {name}",
            )
        try:
            connection.execute(_SQL["delete_messages"], {"bot": bot["id"]})
            connection.execute(_SQL["delete"], {"bot": bot["id"]})
        except errors.ForeignKeyViolation:
            raise AdminError(f"somebody uses {name} just now", "try again in a moment") from None
        ended: int = messages["ended"]
        return ended


def _check_unused(connection: Connection, bot: DictRow) -> None:
    """Raises AdminError."""
    users = fetch(connection, _SQL["users"], bot=bot["id"])
    with as_keeper(connection, read_only=True):
        users += fetch(connection, _SQL["salons"], bot=bot["id"])
    if users:
        raise AdminError(
            f"bot {bot['name']} speaks for {', '.join(row['who'] for row in users)}",
            "give them another one: carillon sources settings, support settings or salon settings; "
            f"or pause it: carillon bots pause {bot['name']}",
        )
