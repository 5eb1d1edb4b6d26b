"""What became of a message, written into the tables of the system that wanted it.

Called in the transaction that ends a message (or wakes it again by hand). A system is the first part of a kind's name.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from shared.courses import write_back as courses
from shared.database.pool import Connection
from shared.getcourse import notifications
from shared.salon import write_back as salon
from shared.support import write_back as support

FinishedMessage = Mapping[str, Any]  # id, kind, state, message_id, error_class, finished_at

_SYSTEMS: Mapping[str, Callable[[Connection, Sequence[FinishedMessage]], Awaitable[None]]] = {
    "courses": courses.write_back,
    "getcourse": notifications.write_back,
    "salon": salon.write_back,
    "support": support.write_back,
}


async def lock(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lock what `write_back` will change of messages (id, kind) that are about to end.

    Whoever enqueues holds its own rows and then wants lanes; who ends messages has to want them in the same order.
    """
    if own := [row["id"] for row in rows if row["kind"].startswith("courses/")]:
        await courses.lock(connection, own)
    if own := [row["id"] for row in rows if row["kind"].startswith("support/")]:
        await support.lock(connection, own)
    if own := [row["id"] for row in rows if row["kind"].startswith("salon/")]:
        await salon.lock(connection, own)


async def write_back(connection: Connection, rows: Sequence[FinishedMessage]) -> None:
    """Let each system write down what became of its messages."""
    for system, notify_system in _SYSTEMS.items():
        own = [row for row in rows if row["kind"].startswith(f"{system}/")]
        if own:
            await notify_system(connection, own)
