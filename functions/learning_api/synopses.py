"""A session's notes: one live, the others as they were."""

import json
from functools import partial

from starlette.responses import Response

from functions.learning_api import quotas
from functions.learning_api.call import ApiCall, respond
from functions.learning_api.idempotent import apply_once
from functions.learning_api.schema import NewSynopsis, Synopses, Synopsis
from shared.database import sql
from shared.database.pool import Connection
from shared.learning import limits
from shared.learning.sessions import Session

SNAPSHOTS = 20  # kept of a session, and shown
_SQL = sql.load(__file__)


async def get(call: ApiCall, session_id: str) -> Response:
    """GET /sessions/{id}/synopsis."""
    async with call.database.connection() as connection:
        session = await call.session(connection, session_id)
        values = {"session": session.id, "snapshots": SNAPSHOTS}
        synopses = [Synopsis(**row) for row in await sql.fetch_all(connection, _SQL["newest"], values)]
    live = next((synopsis for synopsis in synopses if synopsis.origin == "live"), None)
    return respond(Synopses(live=live, snapshots=[synopsis for synopsis in synopses if synopsis.origin != "live"]))


async def add(call: ApiCall, session_id: str) -> Response:
    """POST /sessions/{id}/synopsis: what was live becomes a snapshot. 200 when it is live already, else 201."""
    body = await call.body(NewSynopsis)
    items = json.dumps(body.items, ensure_ascii=False)
    async with call.database.connection() as connection:
        session = await call.session(connection, session_id)
        await quotas.take(connection, call.client, session.user_id, "synopses", limits.units(len(items.encode())))
        change = partial(_add, call, connection, session, items, body.origin)
        async with connection.transaction():
            return await apply_once(call, connection, f"synopsis/{session.id}", body, change)


async def _add(
    call: ApiCall, connection: Connection, session: Session, items: str, origin: str
) -> tuple[int, Synopsis]:
    """Two at once go one after the other. Raises HttpProblem 404 when the session is deleted at this moment."""
    values = {"session": session.id, "items": items, "origin": origin, "snapshots": SNAPSHOTS}
    while not await sql.fetch_optional(connection, _SQL["lock"], values):
        await call.session(connection, str(session.id))  # it is gone: this says so
    if origin == "live":
        if live := await sql.fetch_optional(connection, _SQL["find_same"], values):
            return 200, Synopsis(**live)
        await connection.execute(_SQL["to_snapshot"], values)
    return 201, Synopsis(**await sql.fetch_one(connection, _SQL["add"], values))
