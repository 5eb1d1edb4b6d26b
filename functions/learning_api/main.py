"""The door: a path, a client, a method, and then the work."""

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from functions.learning_api import messages, sessions, synopses, tracks
from functions.learning_api.call import ApiCall, Work
from shared.config import Settings
from shared.credentials import api_clients
from shared.database.pool import Database
from shared.errors import Unauthenticated
from shared.http import body, cors, requests, responses
from shared.http.function import Function, entry_point

NAME = "learning_api"


def create(settings: Settings) -> Function:
    """The function: `/tracks…` and `/sessions…` with a client's token, GET `/openapi.json` without one."""
    database = Database(settings.database_url, size=4)

    async def serve(request: Request) -> Response:
        path = requests.path(request)
        if path == "/openapi.json":
            return _described(request)
        works = _works(path.split("/")[1:])
        async with database.connection() as connection:
            client = await api_clients.authenticate(connection, request)
        requests.require_method(request, *works)
        return await works[request.method](ApiCall(database, client, request))

    async def handler(request: Request) -> Response:
        preflight = cors.preflight(request, settings.cors_origins)
        if preflight is not None:
            return preflight
        response = await responses.handle(NAME, request, serve, body.UNAVAILABLE_HINT)
        return cors.allow(response, request, settings.cors_origins)

    return Function(handler, database.close)


def _works(path: list[str]) -> Mapping[str, Work]:
    """What can be done there, by method. Raises Stranger where there is nothing."""
    if "" in path:
        raise Unauthenticated
    match path:
        case ["tracks"]:
            return {"GET": tracks.list_}
        case ["tracks", slug]:
            return {"GET": partial(tracks.get, slug=slug)}
        case ["tracks", slug, "roadmap"]:
            return {"GET": partial(tracks.roadmap, slug=slug)}
        case ["sessions"]:
            return {"POST": sessions.create}
        case ["sessions", one]:
            return {"GET": partial(sessions.get, session_id=one), "PATCH": partial(sessions.change, session_id=one)}
        case ["sessions", one, "synopsis"]:
            return {"GET": partial(synopses.get, session_id=one), "POST": partial(synopses.add, session_id=one)}
        case ["sessions", one, "messages", ("chat" | "practice" | "simulation") as tab]:
            return {
                "GET": partial(messages.page, session_id=one, tab=tab),
                "POST": partial(messages.add, session_id=one, tab=tab),
            }
    raise Unauthenticated


def _described(request: Request) -> Response:
    requests.require_method(request, "GET")
    from functions.learning_api import openapi  # noqa: PLC0415 - most processes are never asked

    return responses.json_response(openapi.document())


__getattr__ = entry_point(NAME, ("database_url", "log_level", "cors_origins"), create)
