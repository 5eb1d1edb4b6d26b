"""Webhook sources: who may call, and what their fields are called. Read anew every few seconds."""

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
MIN_REFRESH_SECONDS = 0.25  # unauthenticated calls cost the database at most four small reads a second

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
    is_paused: bool = False  # what it brings is kept unread


_UNKNOWN = Source(0, "", {}, "UTC", [bytes(32)])  # stands for an unknown name, so that both refusals take the same time


def signing_secret_associated_data(name: str) -> str:
    """What the sealed secret that a WhatsApp source's gateway signs with is bound to."""
    return f"platform.webhook_sources.signing_secret_sealed/{name}"


class Sources:
    """The sources of one provider, cached for a few seconds."""

    def __init__(self, database: Database, provider: str) -> None:
        """`provider` as in platform.webhook_sources."""
        self._database = database
        self._provider = provider
        self._by_name: dict[str, Source] = {}
        self._refreshed_at = float("-inf")
        self._refreshing: asyncio.Task[None] | None = None

    async def authenticate(self, name: str, secret: str) -> Source:
        """The source called `name`, if `secret` is one of its valid secrets.

        Raises Unauthenticated, DatabaseUnavailable.
        """
        return await self.authenticate_any(name, lambda source: secrets.matches(secret, source.secret_hashes))

    async def authenticate_any(self, name: str, is_valid: Callable[[Source], bool]) -> Source:
        """The source called `name`, if what the caller offers `is_valid` for it.

        A secret that was rotated a moment ago is looked up before it is refused, a pause before it is kept to.
        Raises Unauthenticated, DatabaseUnavailable.
        """
        if self._age() > CACHE_TTL_SECONDS:
            await self._refresh()
        source = self._match(name, is_valid)
        if (source is None or source.is_paused) and self._age() > MIN_REFRESH_SECONDS:
            await self._refresh()
            source = self._match(name, is_valid)
        if source is None:
            raise Unauthenticated
        return source

    def _match(self, name: str, is_valid: Callable[[Source], bool]) -> Source | None:
        source = self._by_name.get(name)
        is_authentic = is_valid(source or _UNKNOWN)  # always asked: both refusals take the same time
        return source if is_authentic else None

    def _age(self) -> float:
        return time.monotonic() - self._refreshed_at

    async def _refresh(self) -> None:
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._load())
            self._refreshing.add_done_callback(_retrieve_exception)  # those who waited may have gone
        try:
            async with asyncio.timeout(WAIT_SECONDS):  # a pooler keeps a statement while its server is away
                await asyncio.shield(self._refreshing)  # all who wait share what comes of it
        except TimeoutError:
            raise DatabaseUnavailable from None

    async def _load(self) -> None:
        async with self._database.connection() as connection:
            rows = await sql.fetch_all(connection, _SQL["find_by_provider"], {"provider": self._provider})
        self._by_name = {row["name"]: Source(**row) for row in rows}
        self._refreshed_at = time.monotonic()


def _retrieve_exception(task: asyncio.Task[None]) -> None:
    """Whoever still waits for it gets the error; asyncio need not log it."""
    if not task.cancelled():
        task.exception()
