"""A TCP proxy before Postgres that lets a statement happen and keeps the answer for itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"  # a simple query: psycopg ends its transactions so
BEGIN = b"Q\x00\x00\x00\nBEGIN\x00"
CLAIM = b"permits as materialized"  # only the claim's statement has these words
FINISH = b"may finish it"  # only that which notes the end of attempts
READY = b"Z\x00\x00\x00\x05I"  # the server's last word on a statement, outside any transaction
BYTES = 65536


class Proxy:
    """Which answers it swallows, and how many it has."""

    def __init__(self, direct_url: str) -> None:
        """`direct_url` leads to the server."""
        self._server = conninfo_to_dict(direct_url)
        self.url = ""
        self.swallows: Callable[[bytes, bytes], bool] = _nothing
        self.swallowed = 0
        self.holds: Callable[[bytes, bytes], bool] = _nothing  # what never gets to the server
        self.held = 0
        self.ends = asyncio.Event()
        self.then: Callable[[], None] = lambda: None  # what happens in the very moment

    def swallow_one(self, words: bytes, after: bytes = b"") -> None:
        """Swallow the next answer to `words`, in a transaction that said `after`."""

        def chosen(sent: bytes, before: bytes) -> bool:
            if words not in sent or after not in before:
                return False
            self.swallows = _nothing
            return True

        self.swallows = chosen

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until either side ends."""
        answers, asks = await self._connect()
        doomed = asyncio.Event()
        ways = [
            asyncio.create_task(self._to_server(reader, asks, doomed)),
            asyncio.create_task(self._to_client(answers, writer, doomed)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in (writer, asks):
            end.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = str(self._server.get("host") or "localhost"), str(self._server.get("port") or "5432")
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    async def _to_server(
        self, client: asyncio.StreamReader, server: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        before = b""  # in this transaction
        with suppress(ConnectionError):
            while sent := await client.read(BYTES):
                if self.holds(sent, before):
                    self.held += 1
                    await self.ends.wait()
                    return
                if self.swallows(sent, before):
                    doomed.set()
                before = b"" if sent == BEGIN else before + sent
                server.write(sent)
                await server.drain()

    async def _to_client(
        self, server: asyncio.StreamReader, client: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        kept = b""
        with suppress(ConnectionError):
            while answered := await server.read(BYTES):
                if doomed.is_set():
                    kept = (kept + answered)[-len(READY) :]
                    if kept == READY:  # it has happened, and nobody hears of it
                        self.swallowed += 1
                        self.then()
                        return
                    continue
                client.write(answered)
                await client.drain()


def _nothing(_sent: bytes, _before: bytes) -> bool:
    return False


@asynccontextmanager
async def proxied(direct_url: str, password: str) -> AsyncIterator[Proxy]:
    """A proxy before the server of `direct_url`."""
    proxy = Proxy(direct_url)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    given = conninfo_to_dict(direct_url)
    user, secret = quote(str(given.get("user") or "postgres")), quote(str(given.get("password") or password))
    port = server.sockets[0].getsockname()[1]
    proxy.url = f"postgresql://{user}:{secret}@127.0.0.1:{port}/{given['dbname']}?sslmode=disable&gssencmode=disable"
    try:
        yield proxy
    finally:
        server.close()
        proxy.ends.set()
