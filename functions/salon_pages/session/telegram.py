"""«Log in with Telegram»: OpenID Connect, the code flow with PKCE (https://core.telegram.org/bots/telegram-login).

The person is the claim `id`, which is their id in Telegram; `sub` is another number.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.session.tokens import is_token
from shared import logs
from shared.clients.http import HttpClient, HttpResponse
from shared.clients.network import Network
from shared.clients.openid import Issuer, KeysUnavailable, published
from shared.config import Settings
from shared.errors import HttpProblem
from shared.http.responses import retry_after
from shared.http.turns import Places
from shared.salon.sign_in_links import new_token

COOKIE = "__Host-carillon-telegram"  # of the browser that began: another one cannot end what it has not begun
MINUTES = 10
CALL_SECONDS = 4.0
AT_ONCE = 8
MAX_CODE = 2048


@dataclass(frozen=True)
class Attempt:
    """Somebody's way to Telegram and back: all that proves it is theirs is made of one secret."""

    secret: str
    target: str  # where to go afterwards: a path of ours, or nothing

    @property
    def state(self) -> str:
        """What comes back with the browser."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What comes back in the token."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What only we can show when the code is exchanged."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """By which Telegram knows the verifier later."""
        return _encoded(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, name: str) -> str:
        return _encoded(hmac.digest(self.secret.encode(), name.encode(), "sha256"))


def begin(target: str) -> Attempt:
    """A new attempt."""
    return Attempt(new_token()[0], target)


def give(response: Response, attempt: Attempt) -> None:
    """Let the browser keep `attempt` until it comes back."""
    value = f"{attempt.secret}.{quote(attempt.target, safe='')}"
    response.set_cookie(COOKIE, value, max_age=MINUTES * 60, path="/", secure=True, httponly=True, samesite="lax")


def take(response: Response) -> None:
    """Let the browser forget its attempt."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def read(request: Request) -> Attempt | None:
    """The attempt that this browser began and this address ends; None: there is none, or it is another one's."""
    secret, _, target = request.cookies.get(COOKIE, "").partition(".")
    attempt = Attempt(secret, unquote(target))
    offered = request.query_params.get("state", "").encode()
    return attempt if is_token(secret) and hmac.compare_digest(offered, attempt.state.encode()) else None


class TelegramLogin:
    """Telegram as an issuer, if the settings name our client there."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is asked before somebody comes."""
        self._settings = settings
        self._url = settings.telegram_login_url
        proxies = {urlsplit(self._url).hostname or "": settings.telegram_proxy} if settings.telegram_proxy else {}
        self._http = HttpClient(CALL_SECONDS, Network(proxies, settings.ca_file))
        self._issuer = Issuer([self._url], partial(published, self._http, f"{self._url}/.well-known/jwks.json"))
        self._places = Places()

    @property
    def is_on(self) -> bool:
        """Whether people can sign in so."""
        return bool(self._settings.telegram_login_client_id)

    def address(self, attempt: Attempt) -> str:
        """Where Telegram asks its person."""
        query = {
            "response_type": "code", "client_id": self._settings.telegram_login_client_id, "scope": "openid profile",
            "redirect_uri": self._back, "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": attempt.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self._url}/auth?{urlencode(query)}"

    async def person(self, code: str, attempt: Attempt) -> int | None:
        """Whose code it is, by their id in Telegram; None: nobody's, or not of this attempt. Raises HttpProblem 503."""
        with self._places.take({"telegram": AT_ONCE}, _away):
            token = await self._exchange(code[:MAX_CODE], attempt)
            if token is None:
                return None
            try:
                claims = await self._issuer.claims(
                    token, aud=self._settings.telegram_login_client_id, nonce=attempt.nonce
                )
            except KeysUnavailable:
                raise _away() from None
        return None if claims is None else _telegram_id(claims)

    async def close(self) -> None:
        """Close what a call has opened."""
        await self._http.close()

    async def _exchange(self, code: str, attempt: Attempt) -> str | None:
        """The signed token for `code`; None: Telegram does not give one for it."""
        client, secret = self._settings.telegram_login_client_id, self._settings.telegram_login_client_secret
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._back, "client_id": client,
            "code_verifier": attempt.verifier,
        }  # fmt: skip
        basic = base64.b64encode(f"{quote(client, safe='')}:{quote(secret, safe='')}".encode()).decode()
        answer = await self._http.call(
            "POST", f"{self._url}/token", data=form, headers={"authorization": f"Basic {basic}"}
        )
        if not isinstance(answer, HttpResponse) or answer.status >= 500 or answer.status == 429:
            raise _away()
        token = answer.fields.get("id_token")
        if answer.status != 200 or not isinstance(token, str):
            logs.warning("telegram_login_refused", status=answer.status)  # a wrong client, or a code that is over
            return None
        return token

    @property
    def _back(self) -> str:
        return f"{self._settings.salon_pages_url}/telegram/back"


def _away() -> HttpProblem:
    return HttpProblem(503, "Unavailable", "Telegram does not answer. Try again.", headers=retry_after(5))


def _telegram_id(claims: dict[str, Any]) -> int | None:
    value = str(claims.get("id", ""))
    return int(value) if value.isascii() and value.isdecimal() and 0 < len(value) <= 18 and int(value) > 0 else None


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
