"""Who calls: a front end or another system, with a bearer token of its own."""

from dataclasses import dataclass

from starlette.requests import Request

from shared.credentials import secrets
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem

_SQL = sql.load(__file__)
_BEARER = "bearer "


@dataclass(frozen=True)
class ApiClient:
    """One caller."""

    id: int
    name: str
    is_public: bool  # its token is in everybody's browser: a session opens only to the device that it belongs to
    daily_tokens: int | None  # of the language model; None: as many as they need


async def authenticate(connection: Connection, request: Request) -> ApiClient:
    """The client whose bearer token comes with `request`. Raises HttpProblem 401, the same for everybody."""
    header = request.headers.get("authorization", "")
    offered = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
    cursor = await connection.execute(_SQL["authenticate"], {"hash": secrets.hash_secret(offered)})
    row = await cursor.fetchone()
    if row is None:
        detail = "Send the header Authorization: Bearer and a valid token."
        raise HttpProblem(401, "Unauthorized", detail, headers={"www-authenticate": "Bearer"})
    return ApiClient(**row)
