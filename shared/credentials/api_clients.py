"""Who calls: a front end or another system, with a token of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from shared import logs
from shared.credentials import secrets
from shared.credentials.cache import CredentialCache
from shared.database import sql
from shared.database.pool import Database
from shared.errors import HttpProblem

MAX_TOKENS = 10_000  # a few MB; people add clients one by one, so all tokens of an installation are far fewer

_SQL = sql.load(__file__)
_BEARER = "bearer "
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # as secrets.new_secret makes them


@dataclass(frozen=True)
class ApiClient:
    """One caller."""

    id: int
    name: str
    is_public: bool  # its token is in everybody's browser: a session opens only to the device that it belongs to
    daily_tokens: int | None  # of the language model; None: as many as they need


class ApiClients:
    """All clients by the hashes of their tokens, cached for a few seconds."""

    def __init__(self, database: Database) -> None:
        """`database` has the tokens."""
        self._database = database
        self._cache = CredentialCache(self._load)

    async def authenticate(self, request: Request) -> ApiClient:
        """The client whose token comes with `request`. A token that was made just now is looked up.

        It is a bearer token, or stands in X-Api-Token, where a platform takes Authorization away.
        Raises HttpProblem 401, the same for everybody, and DatabaseUnavailable.
        """
        header = request.headers.get("authorization", "")
        is_bearer = header.lower().startswith(_BEARER)
        offered = header[len(_BEARER) :].strip() if is_bearer else request.headers.get("x-api-token", "")
        client = None
        if _TOKEN.fullmatch(offered):
            token_hash = secrets.hash_secret(offered)  # how long a search for it takes says nothing of any token
            client = await self._cache.find(lambda known: known.get(token_hash))
        if client is None:
            detail = "Send the header Authorization: Bearer and a valid token."
            raise HttpProblem(401, "Unauthorized", detail, headers={"www-authenticate": "Bearer"})
        return client

    async def _load(self) -> Mapping[bytes, ApiClient]:
        async with self._database.connection() as connection:
            rows = await sql.fetch_all(connection, _SQL["find_valid_tokens"], {"most": MAX_TOKENS})
        if len(rows) == MAX_TOKENS:
            logs.error("too_many_api_tokens", accepted=MAX_TOKENS, next_step="carillon learning clients")
        return {bytes(row.pop("token_hash")): ApiClient(**row) for row in rows}
