"""What an API client may do."""

from typing import Literal

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch_one
from infra.admin.errors import AdminError
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

    Devices of a client that becomes public go on for thirty days where their ids can be guessed.
    Raises ValueError when no call fits into the budget, AdminError when there is no such client, or no budget for a
    public one.
    """
    budget = None if daily_tokens == "unlimited" else daily_tokens
    clients.check_budget(budget)
    with connection.transaction():
        client = clients.find(connection, name)["id"]
        row = fetch_one(connection, _SQL["write"], client=client, public=public, active=active,
                        is_budget_given=daily_tokens is not None, daily_tokens=budget)  # fmt: skip
        if row["public"] and row["daily_tokens"] is None and (public or daily_tokens == "unlimited"):
            raise AdminError(
                f"{name} would be public without a budget, and anybody can take its token",
                f"carillon learning settings {name} --public --daily-tokens N, or 0 for no model at all",
            )
        if public:
            connection.execute(_SQL["keep_weak_devices"], {"client": client})
        return row
