"""What became of a message, told to the system that wanted it: its own table then says what happened.

Called in the transaction that ends a message (or wakes it again by hand). A system is the first part of a kind's name.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from shared.database.pool import Connection
from shared.getcourse import notifications
from shared.salon import write_back as salon
from shared.support import write_back as support_write_back

FinishedMessage = Mapping[str, Any]  # id, kind, state, message_id, error_class, finished_at

_SYSTEMS: Mapping[str, Callable[[Connection, Sequence[FinishedMessage]], Awaitable[None]]] = {
    "getcourse": notifications.write_back,
    "salon": salon.write_back,
    "support": support_write_back.write_back,
}


async def lock(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lock what `write_back` will change of messages (id, kind) that are about to end.

    Whoever enqueues holds its own rows and then wants lanes; who ends messages has to want them in the same order.
    """
    if own := [row["id"] for row in rows if row["kind"].startswith("support/")]:
        await support_write_back.lock(connection, own)
    if own := [row["id"] for row in rows if row["kind"].startswith("salon/")]:
        await salon.lock(connection, own)


async def write_back(connection: Connection, rows: Sequence[FinishedMessage]) -> None:
    """Tell each system what became of its messages."""
    for system, tell in _SYSTEMS.items():
        own = [row for row in rows if row["kind"].startswith(f"{system}/")]
        if own:
            await tell(connection, own)
