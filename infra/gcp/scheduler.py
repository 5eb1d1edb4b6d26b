"""Google's scheduler proves itself with a token that Google signs (OpenID Connect), which is looked at here.

Where Cloud Run checks its callers itself, it takes the token's signature away, and nothing is set here. A function that
others may poke is open to all, and asks who calls: SCHEDULER_AUDIENCE, SCHEDULER_ACCOUNT.
"""

import os
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from infra.gcp.handler import on_google
from shared import setting, web_address
from shared.clients.http import HttpClient
from shared.clients.openid import Issuer, KeysUnavailable, published
from shared.errors import ConfigError, HttpProblem
from shared.http import responses
from shared.http.responses import Handler

ISSUER = "https://accounts.google.com"
CALL_SECONDS = 5.0
MAX_TOKEN_LENGTH = 4096

_AWAY = HttpProblem(
    503, "Unavailable", "Google's keys cannot be had now. Call again.", headers=responses.retry_after(5)
)


def on_schedule(handler: Handler) -> Handler:
    """`handler` of a scheduled function: what Google's scheduler has signed, gets the scheduler's secret.

    Everything else goes on as it came, pokes with that secret among it. Ends the process when a setting is wrong.
    """
    try:
        return on_google(_signed(handler, *_configured()) if os.environ.get("SCHEDULER_AUDIENCE") else handler)
    except ConfigError as error:
        raise SystemExit(f"carillon: {error}") from None


def _configured() -> "tuple[Scheduler, str]":
    """The scheduler that the environment describes, and the secret that stands for it. Raises ConfigError."""
    audience = setting.clean(os.environ, "SCHEDULER_AUDIENCE")
    secret = setting.required(os.environ, "CRON_SECRET", "beside SCHEDULER_AUDIENCE set a long random text")
    account = setting.required(os.environ, "SCHEDULER_ACCOUNT", "name the e-mail of the scheduler's service account")
    issuer = setting.clean(os.environ, "SCHEDULER_ISSUER") or ISSUER
    is_production = setting.choice(os.environ, "SERVER_ENV", "dev", ("dev", "prod")) == "prod"
    issuer = web_address.checked("SCHEDULER_ISSUER", issuer, ISSUER, in_production=is_production)
    return Scheduler(issuer, audience, account), secret.partition(",")[0]


def _signed(handler: Handler, scheduler: "Scheduler", secret: str) -> Handler:
    async def handle(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            is_known = scheme.lower() == "bearer" and await scheduler.has_signed(token)
        except KeysUnavailable:
            return responses.ProblemResponse(_AWAY)
        if is_known:
            headers = [(b"x-cron-secret", secret.encode()), *request.scope["headers"]]
            request = Request({**request.scope, "headers": headers}, request.receive)
        return await handler(request)

    return handle


class Scheduler:
    """The one service account that may call, and the keys of who vouches for it."""

    def __init__(self, issuer: str, audience: str, account: str) -> None:
        """`audience` is what the tokens are made for, `account` the e-mail that they name."""
        names = [issuer, issuer.removeprefix("https://")]
        self._issuer = Issuer(names, partial(_keys, issuer), algorithms=["RS256"])
        self._expected = {"aud": audience, "email": account, "email_verified": True}

    async def has_signed(self, token: str) -> bool:
        """Whether the token is the scheduler's, for this function, and valid now. Raises KeysUnavailable."""
        return len(token) <= MAX_TOKEN_LENGTH and await self._issuer.claims(token, **self._expected) is not None


async def _keys(issuer: str) -> dict[str, Any]:
    """What stands where the issuer says that its keys are; nothing when it does not answer."""
    http = HttpClient(CALL_SECONDS)
    try:
        described = await published(http, f"{issuer}/.well-known/openid-configuration")
        return await published(http, str(described.get("jwks_uri")))
    finally:
        await http.close()
