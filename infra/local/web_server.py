"""A web server inside a program's own event loop, on a port of this machine alone."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

PORTS_TRIED = 50


@asynccontextmanager
async def serving(config: uvicorn.Config, listener: socket.socket) -> AsyncIterator[str]:
    """Serve for as long as the context lasts; the base URL."""
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        # No need to wait for the start: the socket listens already.
        yield address(listener)
    finally:
        server.should_exit = True
        await task


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback interface; port 0 picks a free one. Raises OSError."""
    # asyncio turns Nagle off only where the protocol is named: 40 ms of every call on a kept connection.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
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


def free_port(port: int) -> int:
    """`port`, or the next one that is free. Raises OSError."""
    with listen_near(port) as listener:
        free: int = listener.getsockname()[1]
        return free


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Leaves the signals to the program around it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signal handlers as they are."""
        yield
