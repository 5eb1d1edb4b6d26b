"""What participants hand in for an assignment: a text, files, or both; the newest replaces what was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from functions.telegram_webhook.courses.data.people import Person
from shared.database import sql
from shared.database.pool import Connection

MAX_FILES = 10  # as many as an album has

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Assignment:
    """An assignment, as whoever looks may see it."""

    id: int
    title: str
    body: str | None
    due_date: date | None
    material_id: int | None
    is_withdrawn: bool


@dataclass(frozen=True)
class Submission:
    """What somebody handed in: `files` are Telegram's ids. Whether it was in time, the first one says."""

    user_id: int
    name: str
    body: str | None
    files: Sequence[str]
    first_submitted_at: datetime
    submitted_at: datetime


@dataclass(frozen=True)
class Author:
    """A participant, and when they first handed something in."""

    user_id: int
    name: str
    first_submitted_at: datetime | None


async def assignment(connection: Connection, person: Person, assignment_id: int) -> Assignment | None:
    """The assignment, if there is one that this person may see."""
    parameters = {"assignment_id": assignment_id, "is_staff": person.role != "user"}
    row = await sql.fetch_optional(connection, _SQL["assignment"], parameters)
    return Assignment(**row) if row else None


async def find(connection: Connection, assignment_id: int, user_id: int | None) -> Submission | None:
    """What this person handed in."""
    row = await sql.fetch_optional(connection, _SQL["find"], {"assignment_id": assignment_id, "user_id": user_id})
    return Submission(**row) if row else None


async def put(connection: Connection, person: Person, assignment_id: int, body: str, files: Sequence[str]) -> bool:
    """Hand in; whether the assignment is still there, and the person no staff."""
    parameters = {
        "assignment_id": assignment_id, "user_id": person.user_id, "body": body or None, "files": list(files),
    }  # fmt: skip
    return (await connection.execute(_SQL["put"], parameters)).rowcount == 1


async def add_file(connection: Connection, person: Person, assignment_id: int, file: str) -> None:
    """A further file of what this person has handed in."""
    parameters = {"assignment_id": assignment_id, "user_id": person.user_id, "file": file, "most": MAX_FILES}
    await connection.execute(_SQL["add_file"], parameters)


async def counts(connection: Connection, assignment_id: int) -> tuple[int, int]:
    """How many take part, and how many of them have handed in."""
    row = await sql.fetch_one(connection, _SQL["counts"], {"assignment_id": assignment_id})
    return row["people"], row["submitted"]


async def page(connection: Connection, assignment_id: int, offset: int, most: int, *, is_missing: bool) -> list[Author]:
    """Participants who have handed it in, the first at the top, or who have not, by name."""
    parameters = {"assignment_id": assignment_id, "is_missing": is_missing, "offset": offset, "most": most}
    return [Author(**row) for row in await sql.fetch_all(connection, _SQL["page"], parameters)]
