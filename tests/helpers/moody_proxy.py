"""A TCP proxy before Postgres in a bad mood: it refuses, hangs, or takes its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

BYTES = 65536


class MoodyProxy:
    """Before the server of one address."""

    def __init__(self, direct_url: str) -> None:
        """`direct_url` leads to the server."""
        self._server = conninfo_to_dict(direct_url)
        self._flows = asyncio.Event()
        self._flows.set()
        self._lines: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.refuses = False
        self.latency = 0.0  # seconds of each answer
        self.url = ""

    def hang(self) -> None:
        """From now on no byte goes through; connections stay open, and new ones are taken."""
        self._flows.clear()

    def recover(self) -> None:
        """Go on as if nothing had been."""
        self.refuses, self.latency = False, 0.0
        self._flows.set()

    def break_off(self) -> None:
        """End every connection at once."""
        for line in tuple(self._lines):
            line.transport.abort()

    async def end(self) -> None:
        """End every connection, and wait for it."""
        self.recover()
        self.break_off()
        if self._serving:
            await asyncio.wait(self._serving)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until either side ends."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        answers, asks = await self._connect()
        self._lines |= {writer, asks}
        ways = [
            asyncio.create_task(self._pass_on(reader, asks, answers=False)),
            asyncio.create_task(self._pass_on(answers, writer, answers=True)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for line in (writer, asks):
            self._lines.discard(line)
            line.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = str(self._server.get("host") or "localhost"), str(self._server.get("port") or "5432")
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(ConnectionError):
            while received := await source.read(BYTES):
                await self._flows.wait()
                if answers and self.latency:
                    await asyncio.sleep(self.latency)
                target.write(received)
                await target.drain()


@asynccontextmanager
async def moody(direct_url: str) -> AsyncIterator[MoodyProxy]:
    """A proxy before the server of `direct_url`, well-behaved to begin with."""
    proxy = MoodyProxy(direct_url)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    given = conninfo_to_dict(direct_url)
    user, secret = quote(str(given.get("user") or "postgres")), quote(str(given.get("password") or ""))
    port = server.sockets[0].getsockname()[1]
    proxy.url = f"postgresql://{user}:{secret}@127.0.0.1:{port}/{given['dbname']}?sslmode=disable&gssencmode=disable"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
