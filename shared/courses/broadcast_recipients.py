"""Write back what became of the recipients of broadcasts; stats_json of each follows by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.kinds import COURSES_BROADCAST

_SQL = sql.load(__file__)


async def lock(connection: Connection, outbox_ids: Sequence[int]) -> None:
    """Lock the recipients whose messages are about to end, then their broadcasts."""
    await connection.execute(_SQL["lock"], {"ids": outbox_ids})
    await connection.execute(_SQL["lock_broadcasts"], {"ids": outbox_ids})


async def write_back(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> None:
    """Note how messages of broadcasts ended, among finished rows of the outbox.

    A message that a pause kept back waits for its next turn; one that was redriven is on its way again.
    """
    if ids := [row["id"] for row in finished if row["kind"] == COURSES_BROADCAST.name]:
        await connection.execute(_SQL["write_back"], {"ids": ids})
