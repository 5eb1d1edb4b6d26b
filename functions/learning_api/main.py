"""Called by the front ends of learning apps."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from functions.learning_api.call import ApiCall
from functions.learning_api.routes import ROUTER
from shared.config import Settings
from shared.credentials.api_clients import ApiClient, ApiClients
from shared.database.pool import Database
from shared.http import body, cors, requests, responses, routing
from shared.http.function import Function, entry_point
from shared.http.health import with_health
from shared.http.large_bodies import LargeBodies
from shared.http.paces import Paces
from shared.http.turns import Turns
from shared.learning import limits

NAME = "learning_api"
# Of a device of a public client: what is more waits outside, and not before others at the processor and the database.
MAX_OF_A_DEVICE, MAX_OF_DEVICES = 2, 64


def create(settings: Settings) -> Function:
    """The function: `/tracks…` and `/sessions…` with a client's token, GET `/openapi.json` without one."""
    database = Database(settings.database_url, size=4)
    clients, bodies, turns = ApiClients(database), LargeBodies(), Turns(MAX_OF_DEVICES, MAX_OF_A_DEVICE)
    paces = Paces(limits.DEVICE_BURST, limits.DEVICE_PER_SECOND)

    async def serve(request: Request) -> Response:
        path = requests.path(request, NAME)
        if path == routing.DOCUMENT_PATH:
            return routing.document(request, __file__)
        routes, values = ROUTER.find(path)
        client = await clients.authenticate(request)
        requests.require_method(request, *routes)
        call, endpoint = ApiCall(database, client, request, bodies), routes[request.method].endpoint
        if not client.is_public:
            return await endpoint(call, *values)
        caller = _caller(client, request, path)
        if caller.device:
            paces.take(caller)
        async with turns.turn(caller):
            return await endpoint(call, *values)

    async def handler(request: Request) -> Response:
        preflight = cors.preflight(request, settings.cors_origins)
        if preflight is not None:
            return preflight
        response = await responses.handle(NAME, request, serve, body.UNAVAILABLE_HINT)
        return cors.allow(response, request, settings.cors_origins)

    return Function(with_health(NAME, database, handler), database.close)


class _Caller(NamedTuple):
    client: int
    device: str | None  # of all whose session is only about to begin: none


def _caller(client: ApiClient, request: Request, path: str) -> _Caller:
    """Whose turn a call takes."""
    is_new = request.method == "POST" and path.rstrip("/") == "/sessions"
    return _Caller(client.id, None if is_new else request.headers.get("x-device-id"))


__getattr__ = entry_point(NAME, ("database_url", "log_level", "cors_origins"), create)
