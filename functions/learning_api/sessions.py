"""A person's session in a track: begun once, found again, and how it looks to them."""

from contextlib import suppress

from starlette.responses import Response

from functions.learning_api import tracks
from functions.learning_api.call import ApiCall, respond
from functions.learning_api.schema import NewSession, SessionChange, SessionOut
from shared.database import sql
from shared.database.pool import Connection, ForeignKeyViolation
from shared.errors import HttpProblem
from shared.http import responses
from shared.learning import sessions
from shared.learning.sessions import DEVICE_HEADER, Session

_TRIES = 2
_SQL = sql.load(__file__)


class _TrackRemoved(Exception):
    """Somebody deleted the session while it was being opened."""


async def create(call: ApiCall) -> Response:
    """POST /sessions: the person, their session in the track and its three threads, each made once.

    A thread that was deleted is made again: whoever opens a session can talk in all three.
    """
    asked = await call.body(NewSession)
    if call.request.headers.get(DEVICE_HEADER, asked.device_id) != asked.device_id:
        raise HttpProblem(422, "Two Devices", "X-Device-Id and deviceId differ: send the same, or no header.")
    for _ in range(_TRIES):
        with suppress(_TrackRemoved, ForeignKeyViolation):
            async with call.database.transaction() as connection:
                session, is_new = await _open(call, connection, asked)
            return respond(_to_model(session), 201 if is_new else 200)
    detail = "Somebody deletes this person or this session at the same time: call again."
    raise HttpProblem(503, "Deleted Meanwhile", detail, headers=responses.retry_after(1))


async def _open(call: ApiCall, connection: Connection, asked: NewSession) -> tuple[Session, bool]:
    """The session, and whether it is new. Raises Refusal 404; _Vanished, ForeignKeyViolation when it is deleted now."""
    who = {"client": call.client.id, "device": asked.device_id, "slug": asked.track_slug}
    await tracks.find(connection, asked.track_slug)
    await connection.execute(_SQL["add_user"], who)
    is_new = (await connection.execute(_SQL["add_session"], who)).rowcount == 1
    await connection.execute(_SQL["add_threads"], who)
    row = await (await connection.execute(_SQL["which"], who)).fetchone()
    if row is None:
        raise _TrackRemoved
    try:
        return await sessions.get(connection, call.client, row["id"], asked.device_id), is_new
    except HttpProblem:
        raise _TrackRemoved from None


async def get(call: ApiCall, session_id: str) -> Response:
    """GET /sessions/{id}."""
    async with call.database.connection() as connection:
        return respond(_to_model(await call.session(connection, session_id)))


async def change(call: ApiCall, session_id: str) -> Response:
    """PATCH /sessions/{id}."""
    asked = await call.body(SessionChange)
    async with call.database.transaction() as connection:
        session = await call.session(connection, session_id)
        values = {"session": session.id, "tab": asked.active_tab, "sidebar": asked.sidebar_visible}
        await connection.execute(_SQL["change"], values)
        return respond(_to_model(await call.session(connection, session_id)))


def _to_model(session: Session) -> SessionOut:
    return SessionOut(
        id=session.id,
        track_slug=session.track_slug,
        active_tab=session.active_tab,
        sidebar_visible=session.sidebar_visible,
        threads=dict(session.threads),
        created_at=session.created_at,
    )
