"""A session's notes: one live, the others as they were."""

import json
from typing import Any

from starlette.responses import Response

from functions.learning_api.call import Call, told
from functions.learning_api.models import NewSynopsis, Synopses, Synopsis
from shared import sql
from shared.db import Connection

SNAPSHOTS = 20
_SQL = sql.load(__file__)


async def look(call: Call, session_id: str) -> Response:
    """GET /sessions/{id}/synopsis."""
    async with call.database.connection() as connection:
        session = await call.session(connection, session_id)
        values = {"session": session.id, "snapshots": SNAPSHOTS}
        found = [Synopsis(**row) for row in await (await connection.execute(_SQL["newest"], values)).fetchall()]
    live = next((one for one in found if one.origin == "live"), None)
    return told(Synopses(live=live, snapshots=[one for one in found if one.origin != "live"]))


async def add(call: Call, session_id: str) -> Response:
    """POST /sessions/{id}/synopsis: what was live becomes a snapshot. 200 when it is live already, else 201."""
    asked = await call.body(NewSynopsis)
    async with call.database.transaction() as connection:
        session = await call.session(connection, session_id)
        items = json.dumps(asked.items, ensure_ascii=False)
        values = {"session": session.id, "items": items, "origin": asked.origin}
        same = await _make_room(connection, values) if asked.origin == "live" else None
        if same is not None:
            return told(Synopsis(**same))
        row = await (await connection.execute(_SQL["add"], values)).fetchone()
        assert row is not None
    return told(Synopsis(**row), 201)


async def _make_room(connection: Connection, values: dict[str, Any]) -> dict[str, Any] | None:
    """The live synopsis if it says the same; if not, it is a snapshot now. Two at once go one after the other."""
    await connection.execute(_SQL["lock"], values)
    same = await (await connection.execute(_SQL["same"], values)).fetchone()
    if same is None:
        await connection.execute(_SQL["turn"], values)
    return same
