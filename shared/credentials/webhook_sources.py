"""Webhook sources: who may call, and how their fields are called. Read anew every few seconds."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.credentials import secrets
from shared.credentials.account import Channel
from shared.database import sql
from shared.database.pool import WAIT_SECONDS, Database
from shared.errors import DatabaseUnavailable, Unauthenticated

CACHE_TTL_SECONDS = 5.0
MIN_REFRESH_SECONDS = 0.25  # what a stranger may cost the database: four small reads a second

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Source:
    """One configured sender of a provider."""

    id: int
    name: str
    field_map: Mapping[str, str]
    timezone: str
    secret_hashes: list[bytes]
    bot_id: int | None = None  # none: the first bot of the provider's system
    gateway: Channel | None = None  # of a WhatsApp source
    signing_secret_sealed: bytes | None = field(default=None, repr=False)


_UNKNOWN = Source(0, "", {}, "UTC", [bytes(32)])  # stands for an unknown name, so that both refusals take the same time


def signing_secret_associated_data(name: str) -> str:
    """What the sealed secret that a WhatsApp source's gateway signs with is bound to."""
    return f"platform.webhook_sources.signing_secret_sealed/{name}"


class Sources:
    """The sources of one provider, kept for a few seconds."""

    def __init__(self, database: Database, provider: str) -> None:
        """`provider` as in platform.webhook_sources."""
        self._database = database
        self._provider = provider
        self._by_name: dict[str, Source] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def authenticate(self, name: str, offered: str) -> Source:
        """The source called `name`, if `offered` is one of its valid secrets. Raises Stranger, DatabaseAway."""
        return await self.recognise(name, lambda source: secrets.matches(offered, source.secret_hashes))

    async def recognise(self, name: str, proves: Callable[[Source], bool]) -> Source:
        """The source called `name`, if the caller `proves` to be it.

        A secret that was rotated a moment ago is looked up before it is refused. Raises Stranger, DatabaseAway.
        """
        if self._age() > CACHE_TTL_SECONDS:
            await self._read()
        source = self._match(name, proves)
        if source is None and self._age() > MIN_REFRESH_SECONDS:
            await self._read()
            source = self._match(name, proves)
        if source is None:
            raise Unauthenticated
        return source

    def _match(self, name: str, proves: Callable[[Source], bool]) -> Source | None:
        source = self._by_name.get(name)
        proven = proves(source or _UNKNOWN)
        return source if proven else None

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    async def _read(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_now())
            self._reading.add_done_callback(_retrieve_exception)  # those who waited may have gone
        try:
            async with asyncio.timeout(WAIT_SECONDS):  # a pooler keeps a statement while its server is away
                await asyncio.shield(self._reading)  # all who wait share what comes of it
        except TimeoutError:
            raise DatabaseUnavailable from None

    async def _read_now(self) -> None:
        async with self._database.connection() as connection:
            cursor = await connection.execute(_SQL["of_provider"], {"provider": self._provider})
            rows = await cursor.fetchall()
        self._by_name = {row["name"]: Source(**row) for row in rows}
        self._read_at = time.monotonic()


def _retrieve_exception(reading: asyncio.Task[None]) -> None:
    """Whoever still waits for it hears what went wrong; nobody else has to."""
    if not reading.cancelled():
        reading.exception()
