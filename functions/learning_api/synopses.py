"""A session's notes: one live, the others as they were."""

import json
from functools import partial
from typing import Any

from starlette.responses import Response

from functions.learning_api.call import ApiCall, respond
from functions.learning_api.idempotent import once
from functions.learning_api.schema import NewSynopsis, Synopses, Synopsis
from shared.database import sql
from shared.database.pool import Connection
from shared.learning.sessions import Session

SNAPSHOTS = 20
_SQL = sql.load(__file__)


async def get(call: ApiCall, session_id: str) -> Response:
    """GET /sessions/{id}/synopsis."""
    async with call.database.connection() as connection:
        session = await call.session(connection, session_id)
        values = {"session": session.id, "snapshots": SNAPSHOTS}
        found = [Synopsis(**row) for row in await _rows(connection, "newest", values)]
    live = next((one for one in found if one.origin == "live"), None)
    return respond(Synopses(live=live, snapshots=[one for one in found if one.origin != "live"]))


async def add(call: ApiCall, session_id: str) -> Response:
    """POST /sessions/{id}/synopsis: what was live becomes a snapshot. 200 when it is live already, else 201."""
    asked = await call.body(NewSynopsis)
    async with call.database.transaction() as connection:
        session = await call.session(connection, session_id)
        put = partial(_put, call, connection, session, asked)
        return await once(call, connection, f"synopsis/{session.id}", asked, put)


async def _put(call: ApiCall, connection: Connection, session: Session, asked: NewSynopsis) -> tuple[int, Synopsis]:
    """Two at once go one after the other. Raises Refusal 404 when the session is deleted at this moment."""
    items = json.dumps(asked.items, ensure_ascii=False)
    values = {"session": session.id, "items": items, "origin": asked.origin}
    while not await _rows(connection, "lock", values):
        await call.session(connection, str(session.id))  # it is gone: this says so
    if asked.origin == "live":
        if same := await _rows(connection, "same", values):
            return 200, Synopsis(**same[0])
        await connection.execute(_SQL["turn"], values)
    [row] = await _rows(connection, "add", values)
    return 201, Synopsis(**row)


async def _rows(connection: Connection, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return await (await connection.execute(_SQL[statement], values)).fetchall()
