"""Clients, tracks and sessions that tests of the learning system start from."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.credentials import secrets
from tests.helpers import canaries

TABS = ("chat", "practice", "simulation")
_numbers = itertools.count(1)

Plain = psycopg.Connection[DictRow]


@dataclass(frozen=True)
class Learner:
    """A client's token, and a session of one of its users."""

    client: int
    token: str = field(repr=False)
    device: str
    session: UUID
    track: UUID
    threads: Mapping[str, UUID]

    @property
    def headers(self) -> dict[str, str]:
        """What every call carries."""
        return {"Authorization": f"Bearer {self.token}"}


def client(connection: Plain, **columns: Any) -> tuple[int, str]:
    """A client and its token."""
    new = secrets.new_secret()
    token = (canaries.CLIENT_TOKEN + new)[: len(new)]
    identity: int = insert(connection, "learning.clients", name=f"app-{next(_numbers)}", **columns)
    connection.execute(
        "insert into learning.client_tokens (client_id, slot, token_hash) values (%s, 1, %s)",
        (identity, secrets.hash_secret(token)),
    )
    return identity, token


def learner(connection: Plain, of: tuple[int, str] | None = None, **columns: Any) -> Learner:
    """Somebody new with a session in a track of their own, whose three threads are empty; `columns` of the client."""
    identity, token = of or client(connection, **columns)
    number = next(_numbers)
    track = insert(
        connection, "learning.tracks", slug=f"track-{number}", title="Звонкий курс", goal="Слышать колокола",
        description="О колоколах",
    )  # fmt: skip
    device = f"device-{number}-{uuid4()}"
    user = insert(connection, "learning.users", client_id=identity, device_id=device)
    session = insert(connection, "learning.track_sessions", user_id=user, track_id=track)
    threads = {tab: insert(connection, "learning.chat_threads", session_id=session, tab=tab) for tab in TABS}
    return Learner(identity, token, device, session, track, threads)


def template(connection: Plain, content: str, **columns: Any) -> UUID:
    """A prompt template; for all tracks unless `track_id` says otherwise."""
    values = {"scope": "track" if columns.get("track_id") else "global", "version": 1, **columns}
    values["variables_json"] = Jsonb(values.get("variables_json", {}))
    identity: UUID = insert(connection, "learning.chat_templates", content=content, **values)
    return identity


def messages(connection: Plain, thread: UUID) -> list[dict[str, Any]]:
    """What lies in a thread, in order."""
    query = (
        "select id, seq, role::text, content, meta_json from learning.chat_messages where thread_id = %s order by seq"
    )
    return connection.execute(query, (thread,)).fetchall()


def insert(connection: Plain, table: str, **values: Any) -> Any:
    """A row; its id."""
    names, places = ", ".join(values), ", ".join(f"%({name})s" for name in values)
    [row] = connection.execute(f"insert into {table} ({names}) values ({places}) returning id", values).fetchall()
    return row["id"]
