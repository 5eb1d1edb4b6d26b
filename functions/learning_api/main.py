"""Called by the front ends of learning apps."""

from starlette.requests import Request
from starlette.responses import Response

from functions.learning_api.call import ApiCall
from functions.learning_api.routes import ROUTER
from shared.config import Settings
from shared.credentials.api_clients import ApiClients
from shared.database.pool import Database
from shared.http import body, cors, requests, responses, routing
from shared.http.function import Function, entry_point
from shared.http.large_bodies import LargeBodies

NAME = "learning_api"


def create(settings: Settings) -> Function:
    """The function: `/tracks…` and `/sessions…` with a client's token, GET `/openapi.json` without one."""
    database = Database(settings.database_url, size=4)
    clients, bodies = ApiClients(database), LargeBodies()

    async def serve(request: Request) -> Response:
        path = requests.path(request, NAME)
        if path == routing.DOCUMENT_PATH:
            return routing.document(request, __file__)
        routes, values = ROUTER.find(path)
        client = await clients.authenticate(request)
        requests.require_method(request, *routes)
        return await routes[request.method].endpoint(ApiCall(database, client, request, bodies), *values)

    async def handler(request: Request) -> Response:
        preflight = cors.preflight(request, settings.cors_origins)
        if preflight is not None:
            return preflight
        response = await responses.handle(NAME, request, serve, body.UNAVAILABLE_HINT)
        return cors.allow(response, request, settings.cors_origins)

    return Function(handler, database.close)


__getattr__ = entry_point(NAME, ("database_url", "log_level", "cors_origins"), create)
