"""Write back what became of salons' messages: digests and alerts get the time at which they were sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.kinds import DIGEST, SALON_ALERT

_SQL = sql.load(__file__)
_STATEMENTS: Mapping[str, str] = {DIGEST.name: "digests", SALON_ALERT.name: "alerts"}


async def lock(connection: Connection, outbox_ids: Sequence[int]) -> None:
    """Lock the rows of messages that are about to end."""
    await connection.execute(_SQL["lock_digests"], {"ids": outbox_ids})
    await connection.execute(_SQL["lock_alerts"], {"ids": outbox_ids})


async def write_back(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> None:
    """Write back what became of digests and alerts (finished rows of the outbox)."""
    for kind, statement in _STATEMENTS.items():
        if rows := [row for row in finished if row["kind"] == kind]:
            columns = {
                "ids": [row["id"] for row in rows],
                "states": [row["state"] for row in rows],
                "finished": [row["finished_at"] for row in rows],
            }
            await connection.execute(_SQL[statement], columns)
