"""Tracks and their roadmaps."""

import re
from typing import Any

from starlette.responses import Response

from functions.learning_api.call import ApiCall, respond
from functions.learning_api.schema import Roadmap, RoadmapItem, Track, Tracks, TrackSummary
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem

_SQL = sql.load(__file__)
_SLUG = re.compile("[a-z0-9][a-z0-9-]{0,99}")  # as the table has it


async def list_(call: ApiCall) -> Response:
    """GET /tracks."""
    async with call.database.connection() as connection:
        rows = await sql.fetch_all(connection, _SQL["list"])
    return respond(Tracks(tracks=[Track(**row) for row in rows]))


async def get(call: ApiCall, slug: str) -> Response:
    """GET /tracks/{slug}."""
    async with call.database.connection() as connection:
        track = await find(connection, slug)
    return respond(TrackSummary(**track))


async def roadmap(call: ApiCall, slug: str) -> Response:
    """GET /tracks/{slug}/roadmap."""
    async with call.database.connection() as connection:
        await find(connection, slug)
        rows = await sql.fetch_all(connection, _SQL["roadmap"], {"slug": slug})
    return respond(Roadmap(items=[RoadmapItem(**row) for row in rows]))


async def find(connection: Connection, slug: str) -> dict[str, Any]:
    """The track. Raises HttpProblem 404; what cannot be a slug does not reach the database."""
    row = await sql.fetch_optional(connection, _SQL["find"], {"slug": slug if _SLUG.fullmatch(slug) else ""})
    if row is None:
        raise HttpProblem(404, "Not Found", "There is no such track.")
    return row
