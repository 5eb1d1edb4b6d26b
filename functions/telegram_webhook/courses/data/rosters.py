"""The people of a session, with what is noted of each: participants of its stream and cohort, never staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from functions.telegram_webhook.courses.data.people import Person
from shared.database import sql
from shared.database.pool import Connection

Status = Literal["present", "absent", "late"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class HeldSession:
    """A session that has begun, and how far it is marked: people on its roster, and those of each status."""

    id: int
    start_date: date
    end_date: date | None
    start_time: time | None
    title: str | None
    place: str  # its stream and its cohort
    people: int
    present: int
    late: int
    absent: int
    announced: int = 0  # of those who are not marked: who has said before that they will not be there

    @property
    def unmarked(self) -> int:
        """People of whom nobody has noted anything: not the same as absent."""
        return self.people - self.present - self.late - self.absent


@dataclass(frozen=True)
class Entry:
    """A person of a roster. `last` are the five sessions before, the oldest first: a status each, None if not noted."""

    user_id: int
    name: str
    status: Status | None
    minutes_late: int | None
    paid: bool | None
    last: Sequence[Status | None] = ()
    is_announced: bool = False  # they have said before that they will not be there
    reason: str | None = None


async def held(connection: Connection, person: Person, offset: int, most: int) -> list[HeldSession]:
    """Sessions that have begun, the newest first."""
    return await _sessions(connection, person, offset=offset, most=most)


async def unmarked_today(connection: Connection, person: Person, most: int) -> list[HeldSession]:
    """Sessions of today on whose roster somebody is not marked."""
    return await _sessions(connection, person, most=most, is_unmarked_today=True)


async def find(connection: Connection, person: Person, session_id: int) -> HeldSession | None:
    """The session, if it has begun and was not cancelled."""
    found = await _sessions(connection, person, most=1, session_id=session_id)
    return found[0] if found else None


async def entries(connection: Connection, session_id: int, offset: int, most: int) -> list[Entry]:
    """People of the roster by name."""
    parameters = {"session_id": session_id, "offset": offset, "most": most}
    return [Entry(**row) for row in await sql.fetch_all(connection, _SQL["entries"], parameters)]


async def mark(
    connection: Connection, by: Person, session_id: int, user_id: int, status: Status, minutes: int | None = None
) -> bool:
    """Note the attendance of somebody on the roster of a session that has begun; whether that changed anything."""
    parameters = {**_noted(by, session_id), "user_id": user_id, "status": status, "minutes": minutes}
    return (await connection.execute(_SQL["mark"], parameters)).rowcount == 1


async def mark_rest_present(connection: Connection, by: Person, session_id: int) -> int:
    """Everybody of whom nothing was noted yet was present; how many."""
    return (await connection.execute(_SQL["mark_rest_present"], _noted(by, session_id))).rowcount


async def set_paid(connection: Connection, by: Person, session_id: int, user_id: int, *, paid: bool) -> bool:
    """Note whether somebody on the roster has paid; whether that changed anything."""
    parameters = {**_noted(by, session_id), "user_id": user_id, "paid": paid}
    return (await connection.execute(_SQL["set_paid"], parameters)).rowcount == 1


def _noted(by: Person, session_id: int) -> dict[str, object]:
    return {"session_id": session_id, "today": by.now.date(), "by": by.user_id}


async def _sessions(
    connection: Connection,
    person: Person,
    *,
    most: int,
    offset: int = 0,
    session_id: int | None = None,
    is_unmarked_today: bool = False,
) -> list[HeldSession]:
    parameters = {
        "today": person.now.date(),
        "session_id": session_id,
        "is_unmarked_today": is_unmarked_today,
        "offset": offset,
        "most": most,
    }
    return [HeldSession(**row) for row in await sql.fetch_all(connection, _SQL["sessions"], parameters)]
