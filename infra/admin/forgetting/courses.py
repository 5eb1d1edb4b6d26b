"""Forgetting a person of the course CRM. What was paid is kept without a name, and what was agreed to with its end."""

from infra.admin.courses import people
from infra.admin.database import Connection, fetch_one
from infra.admin.forgetting import shared_tables
from infra.admin.forgetting.shared_tables import Counts, Traces
from shared.database import sql

_SQL = sql.load(__file__)
# In this order: what was noted before goes after what is noted now, which it keeps.
_TABLES = {
    "courses.attendance": "delete_attendance",
    "courses.attendance_history": "delete_attendance_history",
    "courses.homework_delivery": "delete_homework",
    "courses.broadcast_recipients": "delete_recipients",
    "courses.participants": "delete_participants",
    "courses.user_flags": "delete_flags",
    "courses.import_rejections": "delete_rejections",
    "courses.invitations": "delete_invitations",
    "courses.dialogs": "delete_dialog",
}


def forget(connection: Connection, address: str) -> Counts:
    """Delete whoever is known by `address`, in the transaction of the caller; rows by table. Raises AdminError.

    Who has paid stays as a row without anything that leads to them; consents end, and stay as the school's proof.
    """
    number = people.person(connection, address)
    person = fetch_one(connection, _SQL["person"], id=number)
    named = {"id": number, "telegram_id": person["telegram_id"]}
    counts = {table: connection.execute(_SQL[statement], named).rowcount for table, statement in _TABLES.items()}
    connection.execute(_SQL["withdraw_consents"], named)
    leaving = "empty_person" if person["has_payments"] else "delete_person"
    counts["courses.users"] = connection.execute(_SQL[leaving], named).rowcount
    texts = [str(person[column]) for column in ("telegram_id", "phone", "email", "username") if person[column]]
    chats = [person["telegram_id"]] if person["telegram_id"] else []
    return {**counts, **shared_tables.forget(connection, Traces(chats=chats, texts=texts))}
