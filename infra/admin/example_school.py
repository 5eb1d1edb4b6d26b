"""The example school «Колокольня», for the demo and for play."""

from infra.admin.database import Connection
from shared.database import sql

_SQL = sql.load(__file__)


def seed(connection: Connection) -> int:
    """Add what is missing of the school; the number of rows added."""
    with connection.transaction():
        return sum(connection.execute(statement).rowcount for statement in _SQL.values())
