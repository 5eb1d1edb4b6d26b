"""The steps of a first day. Each can be done again, and then changes nothing that is there."""

from collections.abc import Sequence
from typing import Literal

from psycopg.rows import DictRow

from infra.admin import bots, logins, sources
from infra.admin.bots import System
from infra.admin.database import Connection
from infra.admin.sources import Address, Gateway, NewSource
from infra.local.server import names
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account

WithBot = Literal["getcourse", "support", "salon", "courses"]
Begun = Literal["getcourse", "support", "salon", "courses", "learning"]  # the last has no bot: front ends call it


def new_secrets() -> dict[str, str]:
    """What an installation has to have of its own."""
    return {"SECRETS_KEY": secrets.new_key(), "CRON_SECRET": secrets.new_secret()}


def known_bot(connection: Connection, system: System) -> DictRow | None:
    """The first Telegram bot of a system."""
    found = [bot for bot in bots.list_all(connection) if bot["system"] == system and bot["channel"] == "telegram"]
    return found[0] if found else None


def add_bot(connection: Connection, system: System, token: str, alerts: int | None) -> str:
    """Add a Telegram bot, called like its system, that Telegram knows; its username. Raises AdminError, ValueError."""
    key = config.load(names=("secrets_key",)).secrets_key
    bot = bots.prepare(system, system, Account("telegram", token, ""), key, alerts)
    username = bots.identify(bot.account)
    bots.check_key(connection, bot.name)
    bots.add(connection, bot, username)
    return username or bot.name


def add_source(connection: Connection, source: NewSource) -> Address | None:
    """Let a provider in, with a new secret; None when it is in. Raises AdminError, ValueError."""
    known = sources.list_all(connection)
    if any((row["provider"], row["name"]) == (source.provider, source.name) for row in known):
        return None
    sources.check(source)
    chosen = sources.secret_or_new("")
    sources.add(connection, source, chosen)
    return Address(source.provider, source.gateway, source.name, chosen, generated=True)


def source_of(system: WithBot, gateway: Gateway | None) -> NewSource | None:
    """The source that a system begins with; None where it has none, or a salon has to be connected before."""
    if system == "getcourse":
        return NewSource("getcourse", "school")
    if system == "support" and gateway:
        return NewSource("whatsapp", "desk", gateway)
    return None


def add_logins(connection: Connection, prefix: str, known: Sequence[str]) -> dict[str, str]:
    """The database addresses of functions that have no login yet, by the names of their settings.

    `known` are the settings that are there: a function whose login is there and whose address is not, keeps the
    common one. In a transaction: the caller stores them before its end. Raises AdminError.
    """
    wanted = [name for name in names() if f"DATABASE_URL_{name}" not in known]
    url = config.load(names=("database_url",)).database_url
    found = logins.ensure(connection, url, wanted, prefix, None)
    return {f"DATABASE_URL_{login.function}": login.url for login in found if login.url}
