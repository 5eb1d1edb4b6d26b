"""Telegram's Bot API: one call, one classified outcome (protocols: section 2, Errors).

Never retries: a repeated sendMessage is a second message. The token is in the URL, so no exception and no log
line of the HTTP library leaves this module.
"""

from __future__ import annotations

import asyncio
import json
import math
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import httpx

DEADLINE_SECONDS = 20.0  # wall clock around the whole call; the lane's lease is at least twice as long
LONGEST_PAUSE_SECONDS = 3600.0
DEFAULT_PAUSE_SECONDS = 5.0
ANSWER_BYTES = 1_000_000
CONNECTIONS = 100

Result = Literal[
    "sent",  # Telegram took it
    "rate_limited",  # wait `retry_after`, then the same again
    "transient",  # surely not delivered, worth another try
    "ambiguous",  # perhaps delivered
    "bot_refused",  # the token is dead
    "unreachable",  # this chat cannot be written to until they come back
    "bad_request",  # would fail every time
]

_UNREACHABLE = (
    "forbidden: bot was blocked by the user",
    "forbidden: user is deactivated",
    "forbidden: bot was kicked",
    "forbidden: bot is not a member",
    "forbidden: the group chat was deleted",
    "forbidden: bot can't initiate conversation",
    "bad request: chat not found",
)
_SUCCESS_AFTER_ALL = ("bad request: message is not modified",)


@dataclass(frozen=True)
class Outcome:
    """What became of one call."""

    result: Result
    error_class: str | None = None  # a short, constant word for tables and logs
    http_status: int | None = None
    message_id: int | None = None
    retry_after: float | None = None


class Telegram:
    """A client for any number of bots. It is opened by the first call: most ticks send nothing."""

    def __init__(self, api_url: str) -> None:
        """`api_url` comes without a trailing slash."""
        self._api_url = api_url
        self._http: httpx.AsyncClient | None = None

    async def call(self, token: str, method: str, parameters: Mapping[str, Any]) -> Outcome:
        """Call `method` once and say what became of it. Raises nothing but cancellation."""
        import aiohttp  # noqa: PLC0415 - with httpx a third of a second that an idle tick need not pay
        import httpx  # noqa: PLC0415

        http = self._http = self._http or _open()
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                response = await http.post(f"{self._api_url}/bot{token}/{method}", json=dict(parameters))
        except (httpx.HTTPError, TimeoutError) as error:
            # The transport calls a connection that broke after the request ConnectTimeout too: only aiohttp's own
            # class tells one that was never made.
            never_connected = isinstance(error.__cause__, aiohttp.ClientConnectorError)
            return Outcome("transient", "not_connected") if never_connected else Outcome("ambiguous", "no_answer")
        return classify(response.status_code, response.headers, response.content[:ANSWER_BYTES])

    async def close(self) -> None:
        """Close what a call has opened."""
        if self._http is not None:
            await self._http.aclose()


def _open() -> httpx.AsyncClient:
    """Httpx over aiohttp: httpx's own pool is quadratic in its connections."""
    import httpx  # noqa: PLC0415
    from httpx_aiohttp import HttpxAiohttpClient  # noqa: PLC0415

    limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=5.0)
    return HttpxAiohttpClient(limits=limits, timeout=None, verify=_ssl_context(), trust_env=False)


@cache
def _ssl_context() -> ssl.SSLContext:
    """Reading the certificates takes 30 ms of CPU, so it happens once."""
    import httpx  # noqa: PLC0415

    return httpx.create_ssl_context(trust_env=False)


def classify(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """The outcome that an answer means. Answers that are not Telegram's (HTML, empty) count by their status."""
    answer = _parse(body)
    if answer.get("ok") is True:
        result = answer.get("result")
        message_id = result.get("message_id") if isinstance(result, dict) else None
        return Outcome("sent", http_status=status, message_id=message_id if isinstance(message_id, int) else None)
    code = answer.get("error_code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else status
    description = str(answer.get("description", "")).lower()
    if code == 429:
        return Outcome("rate_limited", "rate_limited", code, retry_after=_retry_after(answer, headers))
    if description.startswith(_SUCCESS_AFTER_ALL):
        return Outcome("sent", http_status=code)
    if description.startswith(_UNREACHABLE) or code == 403:
        return Outcome("unreachable", "chat_not_found" if "chat not found" in description else "blocked", code)
    if code in (401, 404):
        return Outcome("bot_refused", "bot_refused", code)
    if 400 <= code < 500 and code not in (408, 409):
        return Outcome("bad_request", "bad_request", code)
    if 200 <= code < 300:  # "taken" in words that are not Telegram's: nobody knows
        return Outcome("ambiguous", "not_telegram", code)
    return Outcome("transient", "server_error", code)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _retry_after(answer: dict[str, Any], headers: Mapping[str, str]) -> float:
    """Seconds to wait: from the body, else the header, else a default; never absurd."""
    parameters = answer.get("parameters")
    places = [parameters.get("retry_after") if isinstance(parameters, dict) else None, headers.get("retry-after")]
    for value in places:
        try:
            seconds = float(value)  # type: ignore[arg-type]  # None and nonsense end in the except
        except (TypeError, ValueError):
            continue
        if not math.isnan(seconds):
            return min(max(seconds, 1.0), LONGEST_PAUSE_SECONDS)
    return DEFAULT_PAUSE_SECONDS
