"""An OpenID Connect issuer: the keys that it signs with, and what it says of somebody in a token."""

import asyncio
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from shared import logs
from shared.clients.http import HttpClient, HttpResponse

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")  # the last two are names of the same
KEYS_TTL_SECONDS = 3600.0
MIN_REFRESH_SECONDS = 10.0  # whoever names keys that there are not makes us ask no more often
LEEWAY_SECONDS = 60  # between the issuer's clock and ours
MAX_TOKEN_LENGTH = 8192


class KeysUnavailable(Exception):
    """The issuer's keys were never had, and cannot be had now."""


class Issuer:
    """Who vouches for somebody. Its keys are kept for an hour, and longer while it does not answer."""

    def __init__(
        self,
        names: Sequence[str],
        fetch_keys: Callable[[], Awaitable[Mapping[str, Any]]],
        algorithms: Sequence[str] = ALGORITHMS,
        min_refresh_seconds: float = MIN_REFRESH_SECONDS,
    ) -> None:
        """`names` are what its tokens may have as `iss`; `fetch_keys` gets its JWKS, and nothing without an answer."""
        self._names = names
        self._fetch_keys = fetch_keys
        self._algorithms = algorithms
        self._min_refresh_seconds = min_refresh_seconds
        self._keys: Any = None  # joserfc's KeySet
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def claims(self, token: str, **expected: object) -> dict[str, Any] | None:
        """What the issuer says in `token`; None: it is not theirs, over, or not one with the `expected` claims.

        Raises KeysUnavailable.
        """
        from joserfc.errors import JoseError  # noqa: PLC0415 - with cryptography 60 ms, for whoever signs in so

        if token.count(".") != 2 or len(token) > MAX_TOKEN_LENGTH:
            return None
        try:
            claims = await self._signed(token)
            self._check(claims, expected)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            logs.warning("token_refused", issuer=self._names[0], error=type(error).__name__)
            return None
        return claims

    async def _signed(self, token: str) -> dict[str, Any]:
        """Raises KeysUnavailable, and JoseError and its like for what the issuer has not signed."""
        from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415

        await self._refresh(KEYS_TTL_SECONDS if self._keys else self._min_refresh_seconds)
        try:
            return self._decode(token)
        except InvalidKeyIdError:  # a new key, or none at all
            await self._refresh(self._min_refresh_seconds)
            return self._decode(token)

    def _decode(self, token: str) -> dict[str, Any]:
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import SecurityWarning  # noqa: PLC0415

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # the name EdDSA is old (RFC 9864), and issuers write it
            return jwt.decode(token, self._keys, algorithms=self._algorithms).claims

    def _check(self, claims: dict[str, Any], expected: Mapping[str, object]) -> None:
        from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415

        wanted: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in expected.items()}
        issuer: Any = {"essential": True, "values": self._names}
        JWTClaimsRegistry(leeway=LEEWAY_SECONDS, iss=issuer, exp={"essential": True}, **wanted).validate(claims)

    async def _refresh(self, max_age: float) -> None:
        """Have keys that were asked for at most `max_age` seconds ago. Without an answer the former ones count on."""
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415

        async with self._lock:
            if time.monotonic() - self._asked_at > max_age:
                self._asked_at = time.monotonic()
                try:
                    self._keys = KeySet.import_key_set({"keys": (await self._fetch_keys())["keys"]})
                except (JoseError, KeyError, TypeError, ValueError) as error:
                    logs.warning("keys_unavailable", issuer=self._names[0], error=type(error).__name__)
        if self._keys is None:
            raise KeysUnavailable


async def published(http: HttpClient, url: str) -> dict[str, Any]:
    """The JSON object at `url`; nothing when it is not answered with 200."""
    answer = await http.call("GET", url)
    return answer.fields if isinstance(answer, HttpResponse) and answer.status == 200 else {}
