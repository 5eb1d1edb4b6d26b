"""A person's session in a track: created once, found again, and what of it they see."""

from contextlib import suppress

from starlette.responses import Response

from functions.learning_api import quotas, tracks
from functions.learning_api.call import ApiCall, respond
from functions.learning_api.schema import NewSession, SessionChange, SessionOut
from shared.database import sql
from shared.database.pool import Connection, ForeignKeyViolation, UniqueViolation
from shared.errors import HttpProblem
from shared.http import responses
from shared.learning import devices, sessions
from shared.learning.sessions import DEVICE_HEADER, Session

_TRIES = 2
_SQL = sql.load(__file__)


class _SessionDeleted(Exception):
    """Somebody deleted the session while it was being opened."""


async def create(call: ApiCall) -> Response:
    """POST /sessions: the person, their session in the track and its three threads, each made once.

    A thread that was deleted is made again: whoever opens a session can talk in all three. A public client is not told
    whether the device was known (200).
    """
    body = await call.body(NewSession)
    if call.request.headers.get(DEVICE_HEADER, body.device_id) != body.device_id:
        raise HttpProblem(422, "Two Devices", "X-Device-Id and deviceId differ: send the same, or no header.")
    if call.client.is_public:
        await _admit(call, body)
    for _ in range(_TRIES):
        with suppress(_SessionDeleted, ForeignKeyViolation):
            async with call.database.transaction() as connection:
                session, is_new = await _open(call, connection, body)
            return respond(_to_model(session), 201 if is_new and not call.client.is_public else 200)
    detail = "Somebody deletes this person or this session at the same time: call again."
    raise HttpProblem(503, "Deleted Meanwhile", detail, headers=responses.retry_after(1))


async def _admit(call: ApiCall, body: NewSession) -> None:
    """Let a public client's device in, if it has an id that nobody guesses, and count what is new.

    A device that is there since ids could be guessed goes on for a while, and gets its new id here.
    Raises HttpProblem 404, 422, 429.
    """
    is_unguessable = devices.is_unguessable(body.device_id)
    values = {
        "client": call.client.id,
        "device": body.device_id,
        "slug": body.track_slug,
        "former": body.former_device_id,
    }
    async with call.database.connection() as connection:
        await tracks.find(connection, body.track_slug)
        if is_unguessable and body.former_device_id is not None:
            with suppress(UniqueViolation):  # somebody else gives the same new id at this moment
                await connection.execute(_SQL["rename_device"], values)
        known = await sql.fetch_optional(connection, _SQL["find_device"], values)
        if not is_unguessable and not (known and known["is_accepted"]):
            raise devices.guessable()
        if known is None:
            await quotas.take(connection, call.client, quotas.WHOLE_CLIENT, "devices")
        elif not known["has_session"]:
            await quotas.take(connection, call.client, known["id"], "sessions")


async def _open(call: ApiCall, connection: Connection, body: NewSession) -> tuple[Session, bool]:
    """The session, and whether it is new. Raises HttpProblem 404; _SessionDeleted, ForeignKeyViolation."""
    values = {"client": call.client.id, "device": body.device_id, "slug": body.track_slug}
    await tracks.find(connection, body.track_slug)
    await connection.execute(_SQL["add_user"], values)
    is_new = (await connection.execute(_SQL["add_session"], values)).rowcount == 1
    await connection.execute(_SQL["add_threads"], values)
    row = await sql.fetch_optional(connection, _SQL["find"], values)
    if row is None:
        raise _SessionDeleted
    try:
        return await sessions.get(connection, call.client, row["id"], body.device_id), is_new
    except HttpProblem:
        raise _SessionDeleted from None


async def get(call: ApiCall, session_id: str) -> Response:
    """GET /sessions/{id}."""
    async with call.database.connection() as connection:
        return respond(_to_model(await call.session(connection, session_id)))


async def change(call: ApiCall, session_id: str) -> Response:
    """PATCH /sessions/{id}. What changes nothing is neither counted nor written."""
    body = await call.body(SessionChange)
    async with call.database.connection() as connection:
        session = await call.session(connection, session_id)
        if body.active_tab in (None, session.active_tab) and body.sidebar_visible in (None, session.sidebar_visible):
            return respond(_to_model(session))
        await quotas.take(connection, call.client, session.user_id, "changes")
    async with call.database.transaction() as connection:
        values = {"session": session.id, "tab": body.active_tab, "sidebar": body.sidebar_visible}
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
