"""An issuer of tokens as Google is one, on this machine."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local import server, web_server
from shared.http import requests
from shared.http.function import Function

AUDIENCE = "https://europe-west3-school.cloudfunctions.net/remind-deadlines"
ACCOUNT = "carillon-scheduler@school.iam.gserviceaccount.com"
# Making one takes a good part of a second.
KEY, NEXT_KEY, NOBODYS_KEY = (RSAKey.generate_key(2048, {"kid": name}) for name in ("first", "next", "nobody's"))


class Issuer:
    """Its keys, and how often it was asked for them."""

    def __init__(self) -> None:
        self.url = ""
        self.key = KEY
        self.is_away = False
        self.asked = 0

    def token(self, key: RSAKey | None = None, **claims: Any) -> str:
        """What the scheduler sends now, but for these claims; None leaves one out."""
        now = int(time.time())
        usual = {
            "iss": self.url, "aud": AUDIENCE, "azp": "1", "sub": "1", "email": ACCOUNT, "email_verified": True,
            "iat": now, "exp": now + 3600,
        }  # fmt: skip
        given = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": (key or self.key).kid}, given, key or self.key, algorithms=["RS256"])

    async def answer(self, request: Request) -> Response:
        """Its description, or its keys."""
        if self.is_away:
            return Response(status_code=503)
        if requests.path(request, "issuer") == "/.well-known/openid-configuration":
            return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
        self.asked += 1
        public = self.key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}
        return JSONResponse({"keys": [{"kty": "of tomorrow", "kid": "x"}, public]})


@asynccontextmanager
async def serving() -> AsyncIterator[Issuer]:
    """Serve one until the context ends."""
    issuer = Issuer()
    async with server.serving({"issuer": Function(issuer.answer)}, web_server.listen(0)) as url:
        issuer.url = f"{url}/issuer"
        yield issuer
