"""Webhooks on their way out of the sandbox, written down so that they can be looked at and sent again."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from infra.sandbox.changes import nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Headers = Callable[[bytes], Mapping[str, str]]

MAX_ROWS = 500
_TIMEOUT_S = 60.0
_CORRELATION = "x-correlation-id"


@dataclass(slots=True)
class Sent:
    """A webhook: `headers` makes those of a content, its signature among them; `status` None: no answer."""

    n: int
    unix: float
    sender: str
    url: str
    content: bytes
    headers: Headers
    method: str = "POST"
    status: int | None = None
    error: str = ""
    seconds: float = 0.0
    correlation: str = ""

    def public(self) -> dict[str, Any]:
        """The row as JSON. The address has no query, because secrets stand there."""
        address = urlsplit(self.url)
        return {
            "n": self.n,
            "unix": self.unix,
            "sender": self.sender,
            "url": f"{address.scheme}://{address.netloc}{address.path}",
            "body": self.content.decode("utf-8", "replace"),
            "status": self.status,
            "error": self.error,
            "ms": round(self.seconds * 1000, 1),
            "correlation": self.correlation,
        }


class WebhookLog:
    """The latest MAX_ROWS webhooks."""

    def __init__(self) -> None:
        self.rows: deque[Sent] = deque(maxlen=MAX_ROWS)
        self.changed: Callable[[], None] = nobody
        self._count = 0

    async def post(
        self, sender: str, url: str, content: bytes, headers: Headers, method: str = "POST"
    ) -> httpx.Response:
        """Send a webhook; its answer. Raises httpx.HTTPError, httpx.InvalidURL."""
        return await self._post(self._new(sender, url, content, headers, method))

    async def again(self, row: Sent, content: bytes) -> Sent:
        """Send a webhook once more, with this content; its new row."""
        new = self._new(row.sender, row.url, content, row.headers, row.method)
        with suppress(httpx.HTTPError, httpx.InvalidURL):
            await self._post(new)
        return new

    def find(self, number: int) -> Sent | None:
        """The row with this number, if it is still there."""
        return next((row for row in self.rows if row.n == number), None)

    def _new(self, sender: str, url: str, content: bytes, headers: Headers, method: str) -> Sent:
        self._count += 1
        row = Sent(self._count, time.time(), sender, url, content, headers, method)
        self.rows.append(row)
        return row

    async def _post(self, row: Sent) -> httpx.Response:
        began = time.monotonic()
        try:
            response = await _send(row)
            row.status, row.correlation = response.status_code, response.headers.get(_CORRELATION, "")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            row.error = type(error).__name__
            raise
        finally:
            row.seconds = time.monotonic() - began
            self.changed()
        return response


async def _send(row: Sent) -> httpx.Response:
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), _TIMEOUT_S)
    headers = dict(row.headers(row.content))
    request = httpx.Request(row.method, row.url, content=row.content, headers=headers, extensions={"timeout": timeout})
    # The transport alone: httpx's client would log the address, which may have a secret in it.
    async with httpx.AsyncHTTPTransport(verify=row.url.startswith("https:"), trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        await response.aread()
        return response
