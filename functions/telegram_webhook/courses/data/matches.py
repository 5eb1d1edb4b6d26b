"""Requests of accounts that the school does not know: they say what it calls them, and a curator says who that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.telegram_webhook.courses.data.people import Person
from shared.database import sql
from shared.database.pool import Connection

MAX_OPEN = 50  # in the school
MAX_DAILY = 3  # of one account
MAX_CANDIDATES = 5
MAX_STAFF = 50

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Candidate:
    """A participant without an account, with their cohort and stream."""

    id: int
    name: str
    place: str


@dataclass(frozen=True)
class Request:
    """What somebody wrote, who it may be, and what was decided by whom; `person` is who it is."""

    id: int
    written: str
    username: str | None
    created_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str
    person: str
    candidates: Sequence[Candidate] = ()


async def own(connection: Connection, person: Person) -> str:
    """What the person's open request says; empty: there is none."""
    row = await sql.fetch_optional(connection, _SQL["own"], {"telegram_id": person.telegram_id})
    return row["written"] if row else ""


async def ask(connection: Connection, person: Person, username: str, written: str) -> int | None:
    """Ask the staff; the id of the request. None: there is one already, or there are too many."""
    parameters = {
        "telegram_id": person.telegram_id, "username": username, "written": written, "max_open": MAX_OPEN,
        "max_daily": MAX_DAILY,
    }  # fmt: skip
    row = await sql.fetch_optional(connection, _SQL["ask"], parameters)
    return row["id"] if row else None


async def withdraw(connection: Connection, person: Person) -> None:
    """End the person's open request, if there is one."""
    await connection.execute(_SQL["withdraw"], {"telegram_id": person.telegram_id})


async def open_requests(connection: Connection, most: int) -> list[Request]:
    """Requests that nobody has answered, the oldest first."""
    return [Request(**row) for row in await _requests(connection, None, most)]


async def find(connection: Connection, request_id: int) -> Request | None:
    """The request, with its candidates if it is open."""
    rows = await _requests(connection, request_id, 1)
    if not rows:
        return None
    found = {"id": request_id, "most": MAX_CANDIDATES}
    is_open = rows[0]["state"] == "open"
    candidates = await sql.fetch_all(connection, _SQL["candidates"], found) if is_open else []
    return Request(**rows[0], candidates=[Candidate(**candidate) for candidate in candidates])


async def staff(connection: Connection) -> list[int]:
    """Telegram ids of curators and administrators."""
    return [row["telegram_id"] for row in await sql.fetch_all(connection, _SQL["staff"], {"most": MAX_STAFF})]


async def accept(connection: Connection, by: Person, request_id: int, user_id: int) -> int | None:
    """It is this participant: tie the account to them. Its Telegram id; None: it was decided, or cannot be them."""
    parameters = {"id": request_id, "user_id": user_id, "by": by.user_id}
    await connection.execute(_SQL["lock_person"], parameters)
    row = await sql.fetch_optional(connection, _SQL["accept"], parameters)
    return row["telegram_id"] if row else None


async def decline(connection: Connection, by: Person, request_id: int) -> int | None:
    """It is nobody of the school. The account's Telegram id; None: it was decided."""
    row = await sql.fetch_optional(connection, _SQL["decline"], {"id": request_id, "by": by.user_id})
    return row["telegram_id"] if row else None


async def _requests(connection: Connection, request_id: int | None, most: int) -> list[dict[str, Any]]:
    return await sql.fetch_all(connection, _SQL["requests"], {"id": request_id, "most": most})
