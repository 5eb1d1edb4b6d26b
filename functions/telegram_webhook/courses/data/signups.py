"""Signing up for healing sessions. Whoever changes something is told by the messages that these functions answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from functions.telegram_webhook.courses.data.people import Person
from shared.courses import healing
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message

State = Literal["signed", "waiting", "offered", "cancelled", "expired"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class HealingSession:
    """A healing session, how many have taken a place or wait for one, and the person's own sign-up.

    `capacity` None: for all who come. `ahead`: how many wait before the person.
    """

    id: int
    date: date
    time_start: time
    note: str | None
    capacity: int | None
    is_cancelled: bool
    has_begun: bool
    taken: int
    waiting: int
    state: State | None
    offer_until: datetime | None
    ahead: int

    @property
    def free(self) -> int | None:
        """Places that nobody has; None: as many as are wanted."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


@dataclass(frozen=True)
class Signup:
    """Somebody who has a place, was offered one, or waits."""

    name: str
    state: State


async def page(connection: Connection, person: Person, offset: int, most: int) -> list[HealingSession]:
    """Healing sessions from today on."""
    return await _sessions(connection, person, offset=offset, most=most)


async def find(connection: Connection, person: Person, session_id: int) -> HealingSession | None:
    """The healing session, if it is of today or later."""
    found = await _sessions(connection, person, session_id=session_id, most=1)
    return found[0] if found else None


async def people(connection: Connection, session_id: int, most: int) -> list[Signup]:
    """Whoever has a place, and then whoever waits, in their order."""
    rows = await sql.fetch_all(connection, _SQL["people"], {"id": session_id, "most": most})
    return [Signup(**row) for row in rows]


async def sign_up(connection: Connection, person: Person, session_id: int) -> tuple[State | None, Sequence[Message]]:
    """Take a free place, or wait for one. The new state; None: nothing has changed."""
    messages = await healing.settle(connection, [session_id], person.now)  # who waits comes first
    row = await sql.fetch_optional(connection, _SQL["sign_up"], {**_moment(person), **_own(person, session_id)})
    return (row["state"] if row else None), messages


async def accept(connection: Connection, person: Person, session_id: int) -> tuple[bool, Sequence[Message]]:
    """Take the place that the person was offered; whether they hold the offer still."""
    messages = await healing.settle(connection, [session_id], person.now)
    accepted = await connection.execute(_SQL["accept"], _own(person, session_id))
    return accepted.rowcount == 1, messages


async def leave(connection: Connection, person: Person, session_id: int) -> tuple[bool, Sequence[Message]]:
    """Give back the place, the offer or the wait, until it begins; whether there was one. The next is asked."""
    await healing.lock(connection, [session_id])
    left = await connection.execute(_SQL["leave"], {**_moment(person), **_own(person, session_id)})
    return left.rowcount == 1, await healing.settle(connection, [session_id], person.now)


def _own(person: Person, session_id: int) -> dict[str, object]:
    return {"id": session_id, "user_id": person.user_id}


def _moment(person: Person) -> dict[str, object]:
    return {"timezone": person.timezone, "now": person.now}


async def _sessions(
    connection: Connection, person: Person, *, most: int, offset: int = 0, session_id: int | None = None
) -> list[HealingSession]:
    parameters = {
        **_moment(person), **_own(person, session_id or 0), "id": session_id, "today": person.now.date(),
        "offset": offset, "most": most,
    }  # fmt: skip
    return [HealingSession(**row) for row in await sql.fetch_all(connection, _SQL["sessions"], parameters)]
