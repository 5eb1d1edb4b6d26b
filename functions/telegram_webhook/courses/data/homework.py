"""Homework of a session: a link that goes to whoever attended, to each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from functions.telegram_webhook.courses.data.people import Person
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Homework:
    """A session's link, and how far it came, in people who attended. `to_send`: those who neither have it nor wait."""

    id: int
    title: str | None
    start_date: date
    link: str | None
    attended: int
    sent: int
    on_the_way: int
    failed: int
    out_of_reach: int  # without an account or a consent
    to_send: int


@dataclass(frozen=True)
class Delivery:
    """A link that is to be sent: its row, and to whom."""

    id: int
    telegram_id: int


async def find(connection: Connection, person: Person, session_id: int) -> Homework | None:
    """The homework of a session that has begun and was not cancelled."""
    row = await sql.fetch_optional(connection, _SQL["find"], _of(person, session_id))
    return Homework(**row) if row else None


async def set_link(connection: Connection, person: Person, session_id: int, link: str) -> bool:
    """Note the link; whether there is such a session. Who got another one before keeps that."""
    return (await connection.execute(_SQL["set_link"], {**_of(person, session_id), "link": link})).rowcount == 1


async def plan(connection: Connection, person: Person, session_id: int) -> Sequence[Delivery]:
    """Note that the link is on its way to all who attended, can be written to and did not get it."""
    await connection.execute(_SQL["forget_failed"], {"session_id": session_id})
    parameters = {**_of(person, session_id), "by": person.user_id}
    return [Delivery(**row) for row in await sql.fetch_all(connection, _SQL["plan"], parameters)]


def _of(person: Person, session_id: int) -> dict[str, object]:
    return {"session_id": session_id, "today": person.now.date()}
