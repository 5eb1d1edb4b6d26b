"""The bots that Telegram may bring updates of."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.credentials import secrets
from shared.credentials.cache import CredentialCache
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import Unauthenticated
from shared.i18n.texts import Language

_SQL = sql.load(__file__)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SECRET = re.compile(r"[0-9a-f]{64}")  # as secrets.telegram_webhook_secrets makes them


@dataclass(frozen=True)
class Bot:
    """A Telegram bot, and the system that it works for."""

    id: int
    name: str
    system: str
    username: str | None


@dataclass(frozen=True)
class _Registered:
    """A bot, and what may prove that an update is its own."""

    bot: Bot | None
    secrets: list[str] = field(repr=False)

    def authenticate(self, offered: str) -> Bot | None:
        """The bot, if `offered` is one of the secrets; takes the same time whichever it is."""
        found = [hmac.compare_digest(offered, known) for known in self.secrets]
        return self.bot if any(found) else None


_UNKNOWN = _Registered(None, ["0" * 64])  # stands for an unknown name, so that both refusals take the same time


class Bots:
    """All Telegram bots by name, cached for a few seconds with the secrets of their webhooks."""

    def __init__(self, database: Database, secrets_key: str) -> None:
        """The secrets are derived from `secrets_key`."""
        self._database = database
        self._secrets_key = secrets_key
        self._cache = CredentialCache(self._load)

    async def authenticate(self, name: str, offered: str) -> Bot:
        """The bot called `name`, if `offered` is a secret of its webhook. What was rotated just now is looked up.

        Raises Unauthenticated, DatabaseUnavailable, ConfigError.
        """
        bot = None
        if _NAME.fullmatch(name) and _SECRET.fullmatch(offered):
            bot = await self._cache.find(lambda known: known.get(name, _UNKNOWN).authenticate(offered))
        if bot is None:
            raise Unauthenticated
        return bot

    async def _load(self) -> Mapping[str, _Registered]:
        async with self._database.connection() as connection:
            rows = await sql.fetch_all(connection, _SQL["find_all"])
        registered = {}
        for row in rows:
            version, age = row.pop("webhook_version"), row.pop("webhook_age")
            valid = secrets.telegram_webhook_secrets(self._secrets_key, row["name"], version, age)
            registered[row["name"]] = _Registered(Bot(**row), valid)
        return registered


async def language(connection: Connection, bot_id: int) -> Language | None:
    """The language of the bot's desk, salon or source; None: it has none."""
    row = await sql.fetch_optional(connection, _SQL["language"], {"bot_id": bot_id})
    return row["language"] if row else None
