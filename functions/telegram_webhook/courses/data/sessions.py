"""Sessions of the school, as whoever looks may see them."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from functions.telegram_webhook.courses.data.people import Person
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Session:
    """A session; without a title of its own it is called as its topic is."""

    id: int
    start_date: date
    end_date: date | None
    start_time: time | None
    title: str | None
    is_cancelled: bool


async def upcoming(connection: Connection, person: Person, offset: int, most: int) -> list[Session]:
    """Sessions from today on, of the person's own stream and cohort; staff see all."""
    parameters = {
        "user_id": person.user_id, "is_staff": person.role != "user", "today": person.now.date(), "offset": offset,
        "most": most,
    }  # fmt: skip
    return [Session(**row) for row in await sql.fetch_all(connection, _SQL["upcoming"], parameters)]


async def noted(connection: Connection, person: Person, offset: int, most: int) -> list[dict[str, Any]]:
    """Sessions that have begun or have a note, the newest first, with the person's attendance, payment and homework."""
    parameters = {"user_id": person.user_id, "today": person.now.date(), "offset": offset, "most": most}
    return await sql.fetch_all(connection, _SQL["noted"], parameters)
