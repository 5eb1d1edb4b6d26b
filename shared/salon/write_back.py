"""What became of the salons' messages: digests and alerts get the time at which they were sent."""

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


async def write_back(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> None:
    """Note what became of digests and alerts (rows of the outbox)."""
    for kind, statement in _STATEMENTS.items():
        if own := [row for row in ended if row["kind"] == kind]:
            columns = {
                "ids": [row["id"] for row in own],
                "states": [row["state"] for row in own],
                "finished": [row["finished_at"] for row in own],
            }
            await connection.execute(_SQL[statement], columns)
