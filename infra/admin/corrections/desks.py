"""A desk can be paused and resumed, and removed while nobody has written to it."""

from typing import Literal

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

Status = Literal["active", "paused"]

_SQL = sql.load(__file__)


def set_status(connection: Connection, desk: DictRow, status: Status) -> bool:
    """Pause a desk, or put it back to work; False if it was so already."""
    return connection.execute(_SQL["set_status"], {"desk": desk["id"], "status": status}).rowcount > 0


def remove(connection: Connection, desk: DictRow) -> None:
    """Remove a desk with its settings and prompts. Raises AdminError when customers have written to it."""
    with connection.transaction():
        connection.execute(_SQL["lock"], {"desk": desk["id"]})
        customers = fetch_one(connection, _SQL["customers"], desk=desk["id"])["customers"]
        if customers:
            raise AdminError(
                f"{customers} customers have written to {desk['name']}, and their conversations are kept",
                f"pause it instead: carillon support pause {desk['name']}",
            )
        connection.execute(_SQL["delete"], {"desk": desk["id"]})
