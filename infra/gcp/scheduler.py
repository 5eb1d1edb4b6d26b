"""Google's scheduler proves itself with a token that Google signs (OpenID Connect), which is looked at here.

Where Cloud Run checks its callers itself, it takes the token's signature away, and nothing is set here. A function that
others may poke is open to all, and asks who calls: SCHEDULER_AUDIENCE, SCHEDULER_ACCOUNT.
"""

import asyncio
import os
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from infra.gcp.handler import on_google
from shared import logs, setting, web_address
from shared.clients.http import HttpClient, HttpResponse
from shared.errors import ConfigError, HttpProblem
from shared.http import responses
from shared.http.responses import Handler

ISSUER = "https://accounts.google.com"
KEYS_TTL_SECONDS = 3600.0  # Google shows a new key some days before it signs with it
MIN_REFRESH_SECONDS = 10.0  # callers who name keys that there are not make us ask no more often
CALL_SECONDS = 5.0
LEEWAY_SECONDS = 60  # between Google's clock and ours
MAX_TOKEN_LENGTH = 4096

_AWAY = HttpProblem(
    503, "Unavailable", "Google's keys cannot be had now. Call again.", headers=responses.retry_after(5)
)


class KeysUnavailable(Exception):
    """The issuer's keys were never had, and cannot be had now."""


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
            return responses.problem_response(_AWAY)
        if is_known:
            headers = [(b"x-cron-secret", secret.encode()), *request.scope["headers"]]
            request = Request({**request.scope, "headers": headers}, request.receive)
        return await handler(request)

    return handle


class Scheduler:
    """The one service account that may call, and the keys of who vouches for it."""

    def __init__(self, issuer: str, audience: str, account: str) -> None:
        """`audience` is what the tokens are made for, `account` the e-mail that they name."""
        self._issuer, self._audience, self._account = issuer, audience, account
        self._keys: Any = None  # joserfc's KeySet
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def has_signed(self, token: str) -> bool:
        """Whether the token is the scheduler's, for this function, and valid now. Raises KeysUnavailable."""
        from joserfc.errors import JoseError  # noqa: PLC0415 - where Cloud Run asks, nobody needs it

        if token.count(".") != 2 or len(token) > MAX_TOKEN_LENGTH:
            return False  # another kind of secret
        try:
            self._check(await self._claims(token))
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            logs.warning("scheduler_token_refused", error=type(error).__name__)
            return False
        return True

    async def _claims(self, token: str) -> dict[str, Any]:
        """What the issuer has signed. Raises KeysUnavailable, and JoseError and its like for what it has not."""
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415

        await self._refresh(KEYS_TTL_SECONDS if self._keys else MIN_REFRESH_SECONDS)
        try:
            return jwt.decode(token, self._keys, algorithms=["RS256"]).claims
        except InvalidKeyIdError:  # a new key, or none at all
            await self._refresh(MIN_REFRESH_SECONDS)
            return jwt.decode(token, self._keys, algorithms=["RS256"]).claims

    def _check(self, claims: dict[str, Any]) -> None:
        """Raises JoseError unless they name the account, this function, and a time that is not over."""
        from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415

        JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "values": [self._issuer, self._issuer.removeprefix("https://")]},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            email={"essential": True, "value": self._account},
            email_verified={"essential": True, "value": True},
        ).validate(claims)

    async def _refresh(self, max_age: float) -> None:
        """Have keys that were asked for at most `max_age` seconds ago. Without an answer the former ones count on."""
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415

        async with self._lock:
            if time.monotonic() - self._asked_at > max_age:
                self._asked_at = time.monotonic()
                try:
                    self._keys = KeySet.import_key_set({"keys": (await _published(self._issuer))["keys"]})
                except (JoseError, KeyError, TypeError, ValueError) as error:
                    logs.warning("scheduler_keys_unavailable", error=type(error).__name__)
        if self._keys is None:
            raise KeysUnavailable


async def _published(issuer: str) -> dict[str, Any]:
    """What stands where the issuer says that its keys are; nothing when it does not answer."""
    http = HttpClient(CALL_SECONDS)
    try:
        described = await _fields(http, f"{issuer}/.well-known/openid-configuration")
        return await _fields(http, str(described.get("jwks_uri")))
    finally:
        await http.close()


async def _fields(http: HttpClient, url: str) -> dict[str, Any]:
    answer = await http.call("GET", url)
    return answer.fields if isinstance(answer, HttpResponse) and answer.status == 200 else {}
