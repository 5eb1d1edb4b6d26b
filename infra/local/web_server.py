"""A web server inside a program's own event loop, as a rule on a port of this machine alone."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - whoever wants it, says so
PORTS_TRIED = 50
POLL_SECONDS = 0.02


@asynccontextmanager
async def serving(config: uvicorn.Config, listener: socket.socket, drain_seconds: float = 0.0) -> AsyncIterator[str]:
    """Serve for as long as the context lasts; the base URL.

    At the end, connections that are open already have `drain_seconds` for a last request.
    """
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        # No need to wait for the start: the socket listens already.
        yield address(listener)
    finally:
        await server.drain(drain_seconds)
        server.should_exit = True
        await task


def listen(port: int, host: str = LOOPBACK) -> socket.socket:
    """A listening socket at `host`, an IPv4 or IPv6 address (`::` is both); port 0 picks a free one. Raises OSError."""
    # asyncio turns Nagle off only where the protocol is named: 40 ms of every call on a kept connection.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind((host, port))
    listener.listen(2048)
    return listener


def listen_near(port: int) -> socket.socket:
    """A listening socket at `port`, or at the next one that is free. Raises OSError."""
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return listen(candidate)
        except OSError:
            continue
    return listen(0)


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket, for callers on this machine."""
    host, port = listener.getsockname()[:2]
    host = {EVERYWHERE: LOOPBACK, "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Leaves the signals to the program around it."""

    async def drain(self, seconds: float) -> None:
        """Accept nobody any more, and answer whoever is connected with `Connection: close`.

        Who was accepted a moment ago may have a request under way: uvicorn's own end would hang up on it.
        """
        if not self.started or seconds <= 0:
            return
        for server in self.servers:
            server.close()
        self.config.encoded_headers.append((b"connection", b"close"))  # the server's tick makes its headers of these
        self.server_state.default_headers.append((b"connection", b"close"))
        until = time.monotonic() + seconds
        while self.server_state.connections and time.monotonic() < until:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(POLL_SECONDS)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signal handlers as they are."""
        yield
