"""The tracks that are taught."""

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from shared.database import sql

_SQL = sql.load(__file__)


def list_all(connection: Connection) -> list[DictRow]:
    """All tracks: how long their roadmaps are, how many templates are their own, how many sessions there are."""
    return fetch(connection, _SQL["list"])
