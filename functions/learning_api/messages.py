"""The messages of a thread: read in pages, added in the one order that the database gives them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from starlette.responses import Response

from functions.learning_api import quotas
from functions.learning_api.call import ApiCall, respond
from functions.learning_api.idempotent import apply_once
from functions.learning_api.schema import Message, NewMessage, Page
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http import requests
from shared.learning import limits
from shared.learning.sessions import Session
from shared.learning.tabs import Role, Tab

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
PAGE_BYTES = 400_000  # of texts; then a page ends early: a hundred of the longest would be 6 MB
_SQL = sql.load(__file__)


async def page(call: ApiCall, session_id: str, tab: Tab) -> Response:
    """GET /sessions/{id}/messages/{tab}: the newest, those before a seq, or those after one."""
    limit, before, after = (requests.whole_number(call.request, name) for name in ("limit", "before", "after"))
    limit = DEFAULT_LIMIT if limit is None else limit
    if not 1 <= limit <= MAX_LIMIT:
        raise HttpProblem(400, "Bad Number", f"limit is 1 to {MAX_LIMIT}.")
    if before is not None and after is not None:
        raise HttpProblem(400, "Two Directions", "Give before or after, not both.")
    async with call.database.connection() as connection:
        thread = _thread(await call.session(connection, session_id), tab)
        values = {"thread": thread, "before": before, "after": after, "rows": limit + 1, "bytes": PAGE_BYTES}
        rows = await sql.fetch_all(connection, _SQL["older" if after is None else "newer"], values)
    fitting = [Message(**row) for row in rows if row.pop("bytes_before") < PAGE_BYTES][:limit]
    return respond(_page(fitting, more=len(fitting) < len(rows), newer=after is not None))


def _page(shown: list[Message], *, more: bool, newer: bool) -> Page:
    """`shown` goes away from where the page begins; `more`: there it goes on."""
    edge = shown[-1].seq if more else None
    if newer:
        return Page(messages=shown, has_more=more, next_after=edge)
    return Page(messages=shown[::-1], has_more=more, next_before=edge)


async def add(call: ApiCall, session_id: str, tab: Tab) -> Response:
    """POST /sessions/{id}/messages/{tab}: 201 and the message, once per Idempotency-Key."""
    body = await call.body(NewMessage)
    async with call.database.connection() as connection:
        session = await call.session(connection, session_id)
        size = len(body.content.encode()) + len(json.dumps(body.meta, ensure_ascii=False).encode())
        await quotas.take(connection, call.client, session.user_id, "messages", limits.units(size))
        change = partial(_add, connection, session, tab, body)
        async with connection.transaction():
            return await apply_once(call, connection, f"messages/{session.id}/{tab}", body, change)


async def _add(connection: Connection, session: Session, tab: Tab, body: NewMessage) -> tuple[int, Message]:
    """Raises HttpProblem 404 when the thread is deleted at this moment."""
    message = ThreadMessage(body.role, body.content, body.meta)
    stored = await append(connection, _thread(session, tab), [message])
    if not stored:
        raise _no_thread()
    return 201, Message(**vars(stored[0]), role=message.role, content=message.content, meta=body.meta)


@dataclass(frozen=True)
class ThreadMessage:
    """A message on its way into a thread."""

    role: Role
    content: str = field(repr=False)
    meta: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class StoredMessage:
    """What the database says of a message that it has stored."""

    id: UUID
    seq: int
    created_at: datetime


async def append(connection: Connection, thread: UUID, messages: Sequence[ThreadMessage]) -> list[StoredMessage]:
    """Add `messages`, in this order and nothing in between, at the end of `thread`; nothing if the thread is gone.

    Whoever adds to the same thread at the same time waits until this transaction ends.
    """
    fields = [{"role": message.role, "content": message.content, "meta": message.meta} for message in messages]
    values = {"thread": thread, "messages": json.dumps(fields, ensure_ascii=False)}
    rows = await sql.fetch_all(connection, _SQL["append"], values)
    return sorted((StoredMessage(**row) for row in rows), key=lambda stored: stored.seq)


def _thread(session: Session, tab: Tab) -> UUID:
    thread = session.threads.get(tab)
    if thread is None:
        raise _no_thread()
    return thread


def _no_thread() -> HttpProblem:
    return HttpProblem(404, "Not Found", "This session has no such thread any more: POST /sessions makes it again.")
