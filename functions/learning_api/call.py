"""An authenticated call."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from shared.credentials.api_clients import ApiClient
from shared.database.pool import Connection, Database
from shared.http import body as http_body
from shared.http import responses
from shared.http.large_bodies import LargeBodies
from shared.learning import sessions
from shared.learning.sessions import Session

_NO_SESSION = UUID(int=0)

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class ApiCall:
    """The client, the request, the database, and whose large bodies are read."""

    database: Database
    client: ApiClient
    request: Request
    bodies: LargeBodies

    async def body(self, model: type[_Model]) -> _Model:
        """The body. Read it before a connection is taken: callers may be slow. Raises HttpProblem."""
        return await http_body.parse_body(self.request, model, self.bodies, self.client.id)

    async def session(self, connection: Connection, session_id: str) -> Session:
        """The session in the path. Raises HttpProblem 404, also for what is no UUID."""
        try:
            known_id = UUID(session_id)
        except ValueError:
            known_id = _NO_SESSION
        return await sessions.find(connection, self.client, self.request, known_id)


def respond(model: BaseModel, status: int = 200) -> Response:
    """The response with `model` as JSON."""
    return responses.json_response(model.model_dump(mode="json"), status)
