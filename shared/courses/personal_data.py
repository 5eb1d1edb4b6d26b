"""All that the school knows of a person: given out, and deleted as far as nothing obliges it to be kept."""

from collections.abc import Mapping
from typing import Any

from shared.database import sql
from shared.database.pool import Connection

SQL = sql.load(__file__)
# What goes, by table, in this order: what was noted before goes after what is noted now, which it keeps.
DELETIONS: Mapping[str, str] = {
    "courses.healing_signups": "delete_healing_signups",
    "courses.attendance": "delete_attendance",
    "courses.attendance_history": "delete_attendance_history",
    "courses.announced_absences": "delete_absences",
    "courses.homework_delivery": "delete_homework",
    "courses.submissions": "delete_submissions",
    "courses.broadcast_recipients": "delete_recipients",
    "courses.participants": "delete_participants",
    "courses.user_flags": "delete_flags",
    "courses.reminder_opt_outs": "delete_opt_outs",
    "courses.import_rejections": "delete_rejections",
    "courses.invitations": "delete_invitations",
    "courses.match_requests": "delete_match_requests",
    "courses.dialogs": "delete_dialog",
}


async def collect(connection: Connection, user_id: int) -> dict[str, Any]:
    """Everything of the person, as JSON values."""
    found: dict[str, Any] = await sql.fetch_value(connection, SQL["collect"], {"user_id": user_id})
    return found


async def delete(connection: Connection, user_id: int) -> list[int]:
    """Delete the person; whoever has paid stays as a row without a name, and consents stay as the school's proof.

    Answers the healing sessions in which a place has become free (shared/courses/healing.py).
    """
    whose = {"user_id": user_id}
    freed = await sql.fetch_all(connection, SQL["lock_healing_sessions"], whose)
    for statement in (*DELETIONS.values(), "withdraw_consents"):
        await connection.execute(SQL[statement], whose)
    if (await connection.execute(SQL["empty_person"], whose)).rowcount == 0:
        await connection.execute(SQL["delete_person"], whose)
    return [row["id"] for row in freed]
