"""Forgetting a person of the course CRM. What was paid is kept without a name, and what was agreed to with its end."""

from infra.admin.courses import people
from infra.admin.database import Connection, fetch_one
from infra.admin.forgetting import shared_tables
from infra.admin.forgetting.shared_tables import Counts, Traces
from shared.courses import personal_data
from shared.database import sql

_SQL = sql.load(__file__)


def forget(connection: Connection, address: str) -> Counts:
    """Delete whoever is known by `address`, in the transaction of the caller; rows by table. Raises AdminError.

    Who has paid stays as a row without anything that leads to them; consents end, and stay as the school's proof.
    Their places in healing sessions are offered by the next run of remind_participants.
    """
    number = people.person(connection, address)
    person = fetch_one(connection, _SQL["person"], id=number)
    counts = _delete(connection, number)
    texts = [str(person[column]) for column in ("telegram_id", "phone", "email", "username") if person[column]]
    chats = [person["telegram_id"]] if person["telegram_id"] else []
    return {**counts, **shared_tables.forget(connection, Traces(chats=chats, texts=texts))}


def _delete(connection: Connection, number: int) -> Counts:
    """What `personal_data.delete` does for the bot."""

    def run(statement: str) -> int:
        return connection.execute(personal_data.SQL[statement], {"user_id": number}).rowcount

    run("lock_healing_sessions")
    counts = {table: run(statement) for table, statement in personal_data.DELETIONS.items()}
    run("withdraw_consents")
    return {**counts, "courses.users": run("empty_person") or run("delete_person")}
