"""A proxy between the functions and Postgres that can freeze: no byte goes through, and nobody is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict

CHUNK_BYTES = 65536


class Proxy:
    """Serves at `url` what the server of `direct_url` serves. Connections stay open while it is frozen."""

    def __init__(self, direct_url: str) -> None:
        self._given = {name: str(value) for name, value in conninfo_to_dict(direct_url).items()}
        self._flows = asyncio.Event()
        self._flows.set()
        self._thawing: asyncio.TimerHandle | None = None
        self.url = direct_url

    @property
    def frozen_seconds(self) -> float:
        """For how much longer nothing goes through; 0: it does."""
        if self._thawing is None or self._flows.is_set():
            return 0.0
        return max(0.0, self._thawing.when() - asyncio.get_running_loop().time())

    def freeze(self, seconds: float) -> None:
        """Let nothing through for `seconds` from now on."""
        if self._thawing:
            self._thawing.cancel()
        self._flows.clear()
        self._thawing = asyncio.get_running_loop().call_later(seconds, self._flows.set)

    def address(self, port: int) -> str:
        """The proxy for whoever has the server's address: TLS goes through it, and knows the server's name."""
        given = self._given | {"hostaddr": "127.0.0.1", "port": str(port)}
        user, secret = (quote(given.pop(name, ""), safe="") for name in ("user", "password"))
        name, database = given.pop("host", "localhost"), quote(given.pop("dbname"), safe="")
        if name.startswith("/"):  # a socket has no encryption: let nobody ask for it
            name, given = "localhost", given | {"sslmode": "disable", "gssencmode": "disable"}
        return f"postgresql://{user}:{secret}@{name}/{database}?{urlencode(given)}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        with suppress(OSError):
            answers, asks = await self._connect()
            ways = [asyncio.create_task(way) for way in (self._pass_on(reader, asks), self._pass_on(answers, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                asks.transport.abort()
        writer.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._given.get("host", "localhost"), self._given.get("port", "5432")
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while received := await source.read(CHUNK_BYTES):
                await self._flows.wait()
                target.write(received)
                await target.drain()


@asynccontextmanager
async def proxied(direct_url: str) -> AsyncIterator[Proxy]:
    """A proxy of the server of `direct_url`, not frozen to begin with."""
    made = Proxy(direct_url)
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as server:
        made.url = made.address(server.sockets[0].getsockname()[1])
        yield made
