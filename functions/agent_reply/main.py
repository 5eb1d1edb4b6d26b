"""Called by the front ends of learning apps."""

from starlette.requests import Request
from starlette.responses import Response

from functions.agent_reply.handler import AgentHandler
from shared.clients import llm
from shared.config import Settings
from shared.database.pool import Database
from shared.http import body, cors, responses
from shared.http.function import Function, entry_point
from shared.http.health import with_health

NAME = "agent_reply"


def create(settings: Settings) -> Function:
    """The function: POST to an agent's path. Answers schema.ReplyResponse, or events where the caller accepts those."""
    database = Database(settings.database_url, size=4)
    model = llm.Model(settings)
    agents = AgentHandler(settings, database, model)

    async def handler(request: Request) -> Response:
        preflight = cors.preflight(request, settings.cors_origins)
        if preflight is not None:
            return preflight
        response = await responses.handle(NAME, request, agents.handle, body.UNAVAILABLE_HINT)
        return cors.allow(response, request, settings.cors_origins)

    return Function(with_health(NAME, database, handler), database.close, model.close)


__getattr__ = entry_point(NAME, ("database_url", "log_level", "cors_origins", *llm.SETTINGS), create)
