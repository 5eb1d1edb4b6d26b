"""Forgetting a learner: everything of theirs is deleted."""

from dataclasses import dataclass

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.forgetting import archive_queue
from infra.admin.learning import clients
from shared.database import sql

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Counts:
    """How much there is, or was, of a learner."""

    sessions: int
    messages: int


def count(connection: Connection, client: str, device: str) -> Counts:
    """What `forget` would delete. Raises AdminError when there is no such client or learner."""
    with connection.transaction():
        return _lock(connection, client, device)[1]


def forget(connection: Connection, client: str, device: str) -> Counts:
    """Delete a learner with all sessions, threads, messages and synopses. Raises AdminError as `count` does."""
    with connection.transaction():
        user, counts = _lock(connection, client, device)
        connection.execute(_SQL["delete"], {"user": user})
        archive_queue.forget(connection, {"learning.track_sessions": archive_queue.having("user_id", [user])})
    return counts


def _lock(connection: Connection, client: str, device: str) -> tuple[object, Counts]:
    """The learner's id, locked so that they begin no session meanwhile, and what there is of them."""
    client_id = clients.find(connection, client)["id"]
    found = fetch(connection, _SQL["lock"], client=client_id, device=device)
    if not found:
        raise AdminError(
            f"client {client} has no learner with this device", "give its id as the front end sends it: deviceId"
        )
    user = found[0]["id"]
    row = fetch_one(connection, _SQL["count"], user=user)
    return user, Counts(row["sessions"], row["messages"])
