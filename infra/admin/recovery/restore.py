"""Bring a backup into an empty database of any cluster, as a user who need not be a superuser.

A dump names roles and does not make them, and who is no superuser cannot give objects away in the middle of it. So the
migrations make the roles first, their tables go again, and what belongs to a role of ours is given to it afterwards.
"""

from pathlib import Path

from psycopg import sql as compose
from psycopg.rows import DictRow

from infra.admin import bots, schema
from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.recovery import programs
from shared import config
from shared.database import sql

OPTIONS = ("--no-owner", "--exit-on-error", "--single-transaction")

_SQL = sql.load(__file__)


def restore(file: Path) -> list[str]:
    """Restore `file` into the database; its bots, all of them paused. Raises AdminError."""
    if not file.is_file():
        raise AdminError(f"there is no file {file}", "name what carillon db backup made")
    url = config.load(names=("database_direct_url",)).database_direct_url
    with connect(url) as connection:
        program = programs.find("pg_restore", connection.info.server_version // 10000)
        if fetch_one(connection, _SQL["is_there"])["there"]:
            raise AdminError(
                f"the database {connection.info.dbname} has tables of Carillon already; nothing was changed",
                "create an empty database, and name it in DATABASE_URL",
            )
    schema.upgrade()
    with connect(url) as connection:
        owned = fetch(connection, _SQL["owners"])
        schema.remove(connection)
    if not programs.run(program, url, *OPTIONS, str(file)):
        raise AdminError("pg_restore failed, and says why above; nothing was restored", "see docs/operations.md")
    with connect(url) as connection, connection.transaction():
        _give_away(connection, owned)
        return bots.pause(connection)


def _give_away(connection: Connection, owned: list[DictRow]) -> None:
    """Whoever is to own something must be allowed to make it, for as long as this takes."""
    owners = {_quoted(connection, row["owner"]) for row in owned}
    for owner in owners:
        connection.execute(f"grant create on schema dashboard to {owner}".encode())
    for row in owned:
        connection.execute(f"alter {row['name']} owner to {_quoted(connection, row['owner'])}".encode())
    for owner in owners:
        connection.execute(f"revoke create on schema dashboard from {owner}".encode())


def _quoted(connection: Connection, name: str) -> str:
    return compose.Identifier(name).as_string(connection)
