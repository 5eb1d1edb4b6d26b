"""All that the school knows of a person: given out, and deleted as far as nothing obliges it to be kept."""

from typing import Any

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)
# In this order: what was noted before goes after what is noted now, which it keeps.
_DELETIONS = (
    "delete_attendance", "delete_attendance_history", "delete_homework", "delete_recipients", "delete_participants",
    "delete_flags", "withdraw_consents", "empty_dialog",
)  # fmt: skip


async def collect(connection: Connection, user_id: int, telegram_id: int) -> dict[str, Any]:
    """Everything of the person, as JSON values."""
    parameters = {"user_id": user_id, "telegram_id": telegram_id}
    found: dict[str, Any] = await sql.fetch_value(connection, _SQL["collect"], parameters)
    return found


async def delete(connection: Connection, user_id: int, telegram_id: int) -> None:
    """Delete the person; whoever has paid stays as a row without a name, and consents stay as the school's proof."""
    parameters = {"user_id": user_id, "telegram_id": telegram_id}
    for statement in _DELETIONS:
        await connection.execute(_SQL[statement], parameters)
    if (await connection.execute(_SQL["empty_person"], parameters)).rowcount == 0:
        await connection.execute(_SQL["delete_person"], parameters)
