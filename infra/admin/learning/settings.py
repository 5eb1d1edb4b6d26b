"""What an API client may do."""

from typing import Literal

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch_one
from infra.admin.learning import clients
from shared.database import sql

_SQL = sql.load(__file__)


def change(
    connection: Connection,
    name: str,
    *,
    public: bool | None = None,
    active: bool | None = None,
    daily_tokens: int | Literal["unlimited"] | None = None,
) -> DictRow:
    """Write those settings of a client that are not None; all of them as they are now.

    Raises ValueError when no call fits into the budget, AdminError when there is no such client.
    """
    budget = None if daily_tokens == "unlimited" else daily_tokens
    clients.check_budget(budget)
    with connection.transaction():
        client = clients.find(connection, name)["id"]
        return fetch_one(connection, _SQL["write"], client=client, public=public, active=active,
                         is_budget_given=daily_tokens is not None, daily_tokens=budget)  # fmt: skip
