"""Who is written to by a bot, and who never opened a chat with it: a bot cannot write first."""

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from infra.admin.salon.tenants import as_keeper
from shared.database import sql

_SQL = sql.load(__file__)


def people(connection: Connection, *, without_start: bool) -> list[DictRow]:
    """Role, name, telegram_id, bot and started (None: never) of everybody whom a bot knows by their id."""
    with as_keeper(connection, read_only=True):
        salons = fetch(connection, _SQL["salons"])
    columns = {
        "names": [row["name"] for row in salons],
        "bot_ids": [row["bot_id"] for row in salons],
        "chat_ids": [row["chat_id"] for row in salons],
    }
    return fetch(connection, _SQL["people"], without_start=without_start, **columns)
