"""One HTTP call: a bounded answer within a deadline, or why there is none."""

from __future__ import annotations

import asyncio
import json
import ssl
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from shared.clients.network import Network

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    import httpx

MAX_RESPONSE_BYTES = 1_000_000
MAX_CONNECTIONS = 100
DIRECT = Network()

_NO_OTHER_DEADLINE = {"timeout": {"connect": None, "read": None, "write": None, "pool": None}}


@dataclass(frozen=True)
class NoResponse:
    """A call that got no response: it never connected, or it broke off while the response was awaited or read."""

    stage: Literal["connect", "response"]


@dataclass(frozen=True)
class HttpResponse:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_complete: bool = True

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object in the body; empty when there is none."""
        try:
            answer = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}


@dataclass(frozen=True)
class StreamedResponse:
    """A response whose body is still coming. Where it breaks off, the last of the chunks is NoResponse."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes | NoResponse]

    async def read(self) -> HttpResponse | NoResponse:
        """Wait for the rest of it; a body that is too long is read no further."""
        body = bytearray()
        async for chunk in self.chunks:
            if isinstance(chunk, NoResponse):
                return chunk
            body += chunk
            if len(body) > MAX_RESPONSE_BYTES:
                return HttpResponse(self.status, self.headers, b"", is_complete=False)
        return HttpResponse(self.status, self.headers, bytes(body))


class HttpClient:
    """A client for any number of hosts. It is opened by the first call: most ticks send nothing."""

    def __init__(self, deadline_seconds: float, network: Network = DIRECT) -> None:
        """`deadline_seconds` is wall clock around a whole call, however slowly its answer drips."""
        self._deadline_seconds = deadline_seconds
        self._network = network
        self._transports: dict[str, httpx.AsyncBaseTransport] = {}  # by their proxy; "": none

    def open(self, host: str = "") -> httpx.AsyncBaseTransport:
        """Load what a call needs: a third of a second that nobody shall wait for who may send now."""
        proxy = self._network.proxy_of(host)
        if proxy not in self._transports:
            self._transports[proxy] = _open(proxy, self._network.ca_file)
        return self._transports[proxy]

    async def call(
        self, method: str, url: str, *, most_bytes: int = MAX_RESPONSE_BYTES, **request: Any
    ) -> HttpResponse | NoResponse:
        """The response, or that there was none. Raises nothing but cancellation."""
        import aiohttp  # noqa: PLC0415 - with httpx a third of a second that an idle tick need not pay
        import httpx  # noqa: PLC0415

        # The bare transport: a client above it would cost as much again, for cookies and redirects that nobody wants.
        try:
            asked = httpx.Request(method, _parsed(url), extensions=_NO_OTHER_DEADLINE, **request)
            transport = self.open(asked.url.host)
            async with asyncio.timeout(self._deadline_seconds):
                response = await transport.handle_async_request(asked)
                try:
                    body = await _bounded(response, most_bytes)
                    return HttpResponse(response.status_code, response.headers, body or b"", body is not None)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, TimeoutError) as error:
            return _broken(error)

    @asynccontextmanager
    async def stream(self, method: str, url: str, **request: Any) -> AsyncIterator[StreamedResponse | NoResponse]:
        """The response while it comes, or that there was none. Raises nothing but cancellation.

        It has no deadline: whoever reads keeps one. Leaving it before the end closes the connection.
        """
        import aiohttp  # noqa: PLC0415
        import httpx  # noqa: PLC0415

        try:
            asked = httpx.Request(method, _parsed(url), extensions=_NO_OTHER_DEADLINE, **request)
            response: httpx.Response | NoResponse = await self.open(asked.url.host).handle_async_request(asked)
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError) as error:
            response = _broken(error)
        if isinstance(response, NoResponse):
            yield response
            return
        try:
            async with aclosing(_chunks(response)) as chunks:
                yield StreamedResponse(response.status_code, response.headers, chunks)
        finally:
            with suppress(httpx.HTTPError, aiohttp.ClientError):
                await response.aclose()

    async def close(self) -> None:
        """Close what a call has opened."""
        for transport in self._transports.values():
            await transport.aclose()


@lru_cache(maxsize=256)
def _parsed(url: str) -> httpx.URL:
    """A bot calls the same few addresses all the time, and taking one apart is a tenth of a call."""
    import httpx  # noqa: PLC0415

    return httpx.URL(url)


async def _bounded(response: httpx.Response, most_bytes: int) -> bytes | None:
    """The body; None when it is longer than it may be: it is read no further, and the answer counts by its status."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)


async def _chunks(response: httpx.Response) -> AsyncGenerator[bytes | NoResponse]:
    import aiohttp  # noqa: PLC0415
    import httpx  # noqa: PLC0415

    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    except (httpx.HTTPError, aiohttp.ClientError) as error:
        yield _broken(error)


def _broken(error: Exception) -> NoResponse:
    import aiohttp  # noqa: PLC0415
    import httpx  # noqa: PLC0415

    # The transport calls a connection that broke after the request ConnectTimeout too, and has no word for an answer
    # that is not HTTP: only aiohttp's own class tells a connection that was never made.
    # Through a proxy httpx goes alone, and its word counts.
    of_httpx = error.__cause__ is not None and type(error.__cause__).__module__.startswith("httpcore")
    never_connected = isinstance(error.__cause__, aiohttp.ClientConnectorError) or (
        of_httpx and isinstance(error, httpx.ConnectError | httpx.ProxyError)
    )
    return NoResponse("connect" if never_connected else "response")


def _open(proxy: str, ca_file: str) -> httpx.AsyncBaseTransport:
    """Httpx over aiohttp: httpx's own pool is quadratic in its connections. Through a proxy httpx goes alone."""
    import httpx  # noqa: PLC0415
    from httpx_aiohttp import AiohttpTransport  # noqa: PLC0415

    limits = httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=5.0)
    if proxy:
        return httpx.AsyncHTTPTransport(proxy=httpx.Proxy(proxy), limits=limits, verify=ssl_context(ca_file))
    transport = AiohttpTransport(limits=limits, verify=ssl_context(ca_file), trust_env=False)
    session = transport.client = transport.get_client()
    session._retry_connection = False  # noqa: SLF001 - it repeats a GET by itself, and ChatFlow's GET is a message
    return transport


@cache
def ssl_context(ca_file: str) -> ssl.SSLContext:
    """The world's certificates, and those of `ca_file`. Reading them takes 30 ms of CPU, so it happens once."""
    import httpx  # noqa: PLC0415

    context = httpx.create_ssl_context(trust_env=False)
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
