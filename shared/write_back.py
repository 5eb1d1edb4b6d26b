"""What became of a message, written into the tables of the system that wanted it.

Called in the transaction that ends a message (or wakes it again by hand). A system is the first part of a kind's name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.courses import write_back as courses
from shared.database.pool import Connection
from shared.getcourse import notifications
from shared.salon import write_back as salon

FinishedMessage = Mapping[str, Any]  # id, kind, state, message_id, error_class, finished_at


async def lock(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lock what `write_back` will change of messages (id, kind) that are about to end.

    Whoever enqueues holds its own rows and then wants lanes; who ends messages has to want them in the same order.
    """
    if own := _of_system("courses", rows):
        await courses.lock(connection, own)
    if own := _of_system("support", rows):
        from shared.support import write_back as support  # noqa: PLC0415 - 20 ms, not for who has no desk

        await support.lock(connection, [row["id"] for row in own])
    if own := _of_system("salon", rows):
        await salon.lock(connection, [row["id"] for row in own])


async def write_back(connection: Connection, rows: Sequence[FinishedMessage]) -> None:
    """Let each system write down what became of its messages."""
    if own := _of_system("getcourse", rows):
        await notifications.write_back(connection, own)
    if own := _of_system("courses", rows):
        await courses.write_back(connection, own)
    if own := _of_system("salon", rows):
        await salon.write_back(connection, own)
    if own := _of_system("support", rows):
        from shared.support import write_back as support  # noqa: PLC0415 - as above

        await support.write_back(connection, own)


def _of_system(system: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["kind"].startswith(f"{system}/")]
