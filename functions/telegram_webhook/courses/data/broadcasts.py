"""Broadcasts as their author, or an administrator, looks after them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from functions.telegram_webhook.courses.data.people import Person
from shared.courses import broadcast_message
from shared.courses import broadcasts as shared_broadcasts
from shared.courses.broadcast_message import Sender
from shared.courses.broadcasts import Change
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten

EDITABLE_HOURS = 48  # Telegram deletes nothing older
MAX_TITLE = 60
MAX_FILES = 10  # as many as an album has

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Listed:
    """A broadcast in a list."""

    id: int
    title: str
    status: str
    is_draft: bool
    is_paused: bool
    is_cancelled: bool
    sent: int


@dataclass(frozen=True)
class Broadcast:
    """A broadcast; `place` is the cohort, stream or role it is for, `stats` the number of recipients by status."""

    id: int
    title: str
    body: str | None  # HTML
    new_body: str | None  # that shall replace it, once that is confirmed
    files: Sequence[str]
    audience: str
    place: str | None
    scheduled_at: datetime | None
    status: str
    is_draft: bool
    is_paused: bool
    is_cancelled: bool
    is_withdrawn: bool
    revision: int
    stats: Mapping[str, int]
    author: str
    is_editable: bool  # some of what was sent can be edited and deleted still
    unknown: int  # of the failed: whether they have it nobody knows


async def page(connection: Connection, person: Person, offset: int, most: int) -> list[Listed]:
    """The newest first."""
    parameters = {**_whose(person), "offset": offset, "most": most}
    return [Listed(**row) for row in await sql.fetch_all(connection, _SQL["page"], parameters)]


async def find(connection: Connection, person: Person, broadcast_id: int) -> Broadcast | None:
    """The broadcast, if this person looks after it."""
    parameters = {**_whose(person), "id": broadcast_id, "hours": EDITABLE_HOURS}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    return Broadcast(**row) if row else None


async def audience(connection: Connection, broadcast: Broadcast) -> dict[str, int]:
    """How many people would get it now (""), and how many would not, by what stands in the way."""
    people: dict[str, int] = await sql.fetch_value(connection, _SQL["audience"], {"id": broadcast.id})
    return people


async def rate(connection: Connection, person: Person) -> float:
    """How many messages of broadcasts go out in a second."""
    return float(await sql.fetch_value(connection, _SQL["rate"], {"bot_id": person.bot_id}))


async def places(connection: Connection, kind: Literal["cohorts", "streams"], offset: int, most: int) -> list[Any]:
    """Cohorts or streams (id, name)."""
    return await sql.fetch_all(connection, _SQL[kind], {"offset": offset, "most": most})


@dataclass(frozen=True)
class Content:
    """What is sent: words in HTML, files of this type, or both."""

    title: str
    body: str
    files: Sequence[str] = ()
    mime: str | None = None


async def save_content(connection: Connection, person: Person, broadcast: Broadcast | None, content: Content) -> int:
    """Let a draft, or a new one, have this content; its id."""
    parameters = {
        "title": shorten(content.title, MAX_TITLE), "body": content.body or None,
        "file_id": next(iter(content.files), None), "mime": content.mime or None,
    }  # fmt: skip
    if broadcast is None:
        return int(await sql.fetch_value(connection, _SQL["create"], {**parameters, "user_id": person.user_id}))
    await connection.execute(_SQL["set_content"], {**parameters, "id": broadcast.id})
    return broadcast.id


async def add_file(connection: Connection, broadcast: Broadcast, file: str) -> None:
    """Add a further file of the album with which a draft began."""
    await connection.execute(_SQL["add_file"], {"id": broadcast.id, "file": file, "most": MAX_FILES - 1})


async def set_audience(connection: Connection, broadcast: Broadcast, kind: str, of: int, role: str | None) -> bool:
    """Say whom a draft is for; whether there is such an audience, and it is a draft still."""
    parameters = {"id": broadcast.id, "audience": kind, "of": of, "role": role}
    return (await connection.execute(_SQL["set_audience"], parameters)).rowcount == 1


async def set_time(connection: Connection, broadcast: Broadcast, at: datetime | None) -> bool:
    """Say when a draft goes out (None: at once); whether it is a draft still."""
    return (await connection.execute(_SQL["set_time"], {"id": broadcast.id, "at": at})).rowcount == 1


async def confirm(connection: Connection, person: Person, broadcast: Broadcast, revision: int) -> bool:
    """Let it go out as it was seen at this revision; whether it did not change since."""
    parameters = {"id": broadcast.id, "revision": revision, "message": json.dumps(message(person, broadcast))}
    return (await connection.execute(_SQL["confirm"], parameters)).rowcount == 1


async def delete_draft(connection: Connection, broadcast: Broadcast) -> None:
    """Delete it, if it was not confirmed meanwhile."""
    await connection.execute(_SQL["delete_draft"], {"id": broadcast.id})


async def set_new_body(connection: Connection, broadcast: Broadcast, body: str) -> None:
    """Keep the text that shall replace what was sent, until that is confirmed."""
    await connection.execute(_SQL["set_new_body"], {"id": broadcast.id, "body": body})


async def replace(connection: Connection, person: Person, broadcast: Broadcast, revision: int) -> bool:
    """Let everybody have the new text; whether that was to be done."""
    parameters = {
        "id": broadcast.id, "revision": revision,
        "message": json.dumps(message(person, broadcast, broadcast.new_body)),
    }  # fmt: skip
    return (await connection.execute(_SQL["replace"], parameters)).rowcount == 1


async def withdraw(connection: Connection, broadcast: Broadcast) -> bool:
    """Delete what was sent, and let nobody else get it; whether that was to be done."""
    return (await connection.execute(_SQL["withdraw"], {"id": broadcast.id})).rowcount == 1


async def change(connection: Connection, broadcast: Broadcast, how: Change) -> bool:
    """Pause it, let it go on, cancel it, or send it again where nobody knows; whether that was to be done."""
    return await shared_broadcasts.change(connection, broadcast.id, how)


def sender(person: Person, broadcast: Broadcast | None) -> Sender:
    """From whom it comes: its author; whoever writes a new one is its author."""
    return Sender(person.school, broadcast.author if broadcast else person.name, person.language)


def message(person: Person, broadcast: Broadcast, body: str | None = None) -> dict[str, Any]:
    """What people get, the one text or another."""
    return broadcast_message.compose(body or broadcast.body or "", broadcast.files, sender(person, broadcast))


def _whose(person: Person) -> dict[str, Any]:
    return {"user_id": person.user_id, "is_admin": person.role == "admin"}
