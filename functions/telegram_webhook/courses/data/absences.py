"""Absence that participants announce before a session begins. It marks nothing: staff see it when they mark."""

from dataclasses import dataclass
from datetime import date, time

from functions.telegram_webhook.courses.data.people import Person
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class ComingSession:
    """A session of the person's that has not begun; whether they announced that they will not be there, and why."""

    id: int
    start_date: date
    end_date: date | None
    start_time: time | None
    title: str | None
    is_announced: bool
    reason: str | None


async def page(connection: Connection, person: Person, offset: int, most: int) -> list[ComingSession]:
    """The person's next sessions."""
    return await _sessions(connection, person, offset=offset, most=most)


async def find(connection: Connection, person: Person, session_id: int) -> ComingSession | None:
    """The session, if it is the person's and has not begun."""
    found = await _sessions(connection, person, session_id=session_id, most=1)
    return found[0] if found else None


async def announce(connection: Connection, person: Person, session: ComingSession) -> None:
    """Note that the person will not be there."""
    await connection.execute(_SQL["announce"], _own(person, session))


async def explain(connection: Connection, person: Person, session: ComingSession, reason: str) -> None:
    """Note why."""
    await connection.execute(_SQL["explain"], {**_own(person, session), "reason": reason})


async def withdraw(connection: Connection, person: Person, session: ComingSession) -> None:
    """The person will be there after all."""
    await connection.execute(_SQL["withdraw"], _own(person, session))


def _own(person: Person, session: ComingSession) -> dict[str, object]:
    return {"id": session.id, "user_id": person.user_id}


async def _sessions(
    connection: Connection, person: Person, *, most: int, offset: int = 0, session_id: int | None = None
) -> list[ComingSession]:
    parameters = {
        "id": session_id, "user_id": person.user_id, "today": person.now.date(), "timezone": person.timezone,
        "now": person.now, "offset": offset, "most": most,
    }  # fmt: skip
    return [ComingSession(**row) for row in await sql.fetch_all(connection, _SQL["sessions"], parameters)]
