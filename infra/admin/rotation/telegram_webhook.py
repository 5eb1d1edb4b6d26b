"""A bot's webhook at Telegram: its address, and the secret that proves Telegram's calls."""

import re
from dataclasses import dataclass

from infra.admin.bots import with_tokens
from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.admin.probes.telegram import call
from shared import config
from shared.credentials import secrets
from shared.database import sql

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
URL = re.compile(r"https?://[^\s/?#]+[^\s?#]*")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Registration:
    """A Telegram bot, and the fingerprint of the key that its webhook's secret was derived from.

    None: no release since has registered a webhook for it; what an earlier one did hangs on the oldest key.
    """

    bot: str
    key_id: bytes | None


def address_of(name: str, url: str) -> str:
    """The webhook's address of bot `name`, when `url` serves the functions. Raises ValueError."""
    if not URL.fullmatch(url):
        raise ValueError("--url is an address like https://functions.example.com")
    base = url.rstrip("/").removesuffix(f"/telegram_webhook/{name}").removesuffix("/telegram_webhook")
    return f"{base}/telegram_webhook/{name}"


def register(connection: Connection, name: str, address: str | None, *, rotate: bool = False) -> str:
    """Make `address` (None: the one that it is) this bot's webhook at Telegram, and return it.

    Waiting updates are kept. With `rotate` its secret is a new one, and the former is accepted for a day more. Raises
    AdminError, ConfigError.
    """
    [bot] = with_tokens(connection, name)
    if bot["channel"] != "telegram":
        raise AdminError(
            f"{name} is a WhatsApp account: its gateway brings what people write to ingest_webhook",
            f"run: carillon sources add whatsapp NAME --gateway {bot['channel']}, and put the address that it shows "
            "into the gateway's settings",
        )
    address = address or _registered(name, bot["token"])
    key = config.load(names=("secrets_key",)).secrets_key
    version = bot["webhook_version"] + rotate
    secret = secrets.telegram_webhook_secrets(key, name, version, None)[0]
    # Telegram first: the function accepts a version's secret before it is written down, so nothing is refused between.
    call(bot["token"], "setWebhook", url=address, secret_token=secret, allowed_updates=UPDATES)
    written = {"bot": bot["id"], "version": version, "key_id": secrets.key_ids(key)[0], "rotate": rotate}
    connection.execute(_SQL["registered"], written)
    return address


def _registered(name: str, token: str) -> str:
    address = call(token, "getWebhookInfo").get("url")
    if not address:
        raise AdminError(f"{name} has no webhook yet", f"say where: carillon bots set-webhook {name} --url https://…")
    return str(address)


def registrations(connection: Connection) -> list[Registration]:
    """All Telegram bots."""
    return [Registration(row["name"], row["webhook_key_id"]) for row in fetch(connection, _SQL["registrations"])]
