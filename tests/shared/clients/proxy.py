"""A proxy of this test's own: http (CONNECT and whole addresses) and socks5, with a password if it wants one."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

USER, PASSWORD = "user", "word"


class Proxy:
    """Whom it led to."""

    def __init__(self) -> None:
        self.port = 0
        self.led_to: list[str] = []
        self.leading: set[asyncio.Task[None]] = set()

    def url(self, scheme: str, credentials: str = "") -> str:
        """Its address."""
        return f"{scheme}://{credentials}127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead one caller through."""
        task = asyncio.current_task()
        assert task is not None
        self.leading.add(task)
        task.add_done_callback(self.leading.discard)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            first = await reader.readexactly(1)
            await (self._socks(reader, writer) if first == b"\5" else self._http(first, reader, writer))
        writer.close()

    async def _http(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = first + await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b" ", 2)
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        if b"Proxy-Authorization: Basic " + expected not in head:
            writer.write(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n")
        elif method == b"CONNECT":
            host, _, port = target.decode().rpartition(":")
            await self._join(host, int(port), reader, writer, b"HTTP/1.1 200 Yes\r\n\r\n")
        else:
            parts = urlsplit(target.decode())
            await self._join(parts.hostname or "", parts.port or 80, reader, writer, sent=head)

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\5\2")
        await reader.readexactly(1)
        user = await reader.readexactly((await reader.readexactly(1))[0])
        word = await reader.readexactly((await reader.readexactly(1))[0])
        allowed = (user, word) == (USER.encode(), PASSWORD.encode())
        writer.write(b"\1\0" if allowed else b"\1\1")
        if not allowed:
            return
        *_, kind = await reader.readexactly(4)
        size = 4 if kind == 1 else (await reader.readexactly(1))[0]
        raw = await reader.readexactly(size)
        host = ".".join(map(str, raw)) if kind == 1 else raw.decode()
        port = int.from_bytes(await reader.readexactly(2), "big")
        await self._join(host, port, reader, writer, b"\5\0\0\1\0\0\0\0\0\0")

    async def _join(
        self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
        answer: bytes = b"", sent: bytes = b"",
    ) -> None:  # fmt: skip
        self.led_to.append(f"{host}:{port}")
        theirs, ours = await asyncio.open_connection("127.0.0.1", port)  # whatever the host is called
        writer.write(answer)
        ours.write(sent)
        await asyncio.gather(_pass_on(reader, ours), _pass_on(theirs, writer), return_exceptions=True)
        ours.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()


@asynccontextmanager
async def running() -> AsyncIterator[Proxy]:
    """A proxy, until the context ends."""
    proxy = Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        if proxy.leading:
            await asyncio.wait(proxy.leading, timeout=60)  # whoever called has hung up
