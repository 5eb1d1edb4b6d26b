"""Webhook sources: who may call, and what their fields are called. Read anew every few seconds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.credentials import secrets
from shared.credentials.account import Channel
from shared.credentials.cache import MIN_REFRESH_SECONDS, CredentialCache
from shared.database import sql
from shared.database.pool import Database
from shared.errors import Unauthenticated

MIN_SECRET_LENGTH = 24  # characters

_SQL = sql.load(__file__)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


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
        self._cache = CredentialCache(self._load)

    async def authenticate(self, name: str, secret: str) -> Source:
        """The source called `name`, if `secret` is one of its valid secrets.

        Raises Unauthenticated, DatabaseUnavailable.
        """
        if len(secret) < MIN_SECRET_LENGTH:
            raise Unauthenticated
        return await self.authenticate_any(name, lambda source: secrets.matches(secret, source.secret_hashes))

    async def authenticate_any(self, name: str, is_valid: Callable[[Source], bool]) -> Source:
        """The source called `name`, if what the caller offers `is_valid` for it.

        A name that can be none is not looked up. A secret that was rotated a moment ago is, before it is refused, and a
        pause before it is kept to. Raises Unauthenticated, DatabaseUnavailable.
        """
        if not _NAME.fullmatch(name):
            raise Unauthenticated
        source = _match(await self._cache.get(), name, is_valid)
        if source is None or source.is_paused:
            source = _match(await self._cache.get(MIN_REFRESH_SECONDS), name, is_valid)
        if source is None:
            raise Unauthenticated
        return source

    async def _load(self) -> Mapping[str, Source]:
        async with self._database.connection() as connection:
            rows = await sql.fetch_all(connection, _SQL["find_by_provider"], {"provider": self._provider})
        return {row["name"]: Source(**row) for row in rows}


def _match(sources: Mapping[str, Source], name: str, is_valid: Callable[[Source], bool]) -> Source | None:
    source = sources.get(name)
    is_authentic = is_valid(source or _UNKNOWN)  # always asked: both refusals take the same time
    return source if is_authentic else None
