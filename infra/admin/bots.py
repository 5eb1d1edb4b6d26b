"""The bots that send. Tokens are sealed on their way in and never shown. A WhatsApp account is a bot, too."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.admin.probes.telegram import call
from infra.admin.probes.whatsapp import UNCHECKABLE, state
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account, Channel
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.errors import ConfigError

System = Literal["courses", "getcourse", "salon", "support", "learning"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
TOKEN = re.compile(r"([1-9]\d{4,14}):[A-Za-z0-9_-]{30,64}")
WHATSAPP_TOKEN = re.compile(r"[!-~]{8,1000}")
# The address of a WhatsApp account: its form, and how an error describes it.
ADDRESSES = {
    "chatflow": (r"(flow:)?[\w-]{1,200}", "the instance's id, or flow:ID"),
    "evolution": (r"[^/?#]*[^/?#\s][^/?#]*", "the instance's name"),
    "whatsapp_cloud": (r"\d{5,20}", "the phone number's id, which is not the number"),
}
NO_ADDRESS = "--address is of WhatsApp accounts, and a Telegram bot has none: leave it out"
QUOTES = ("'", '"', "«", "“")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class NewBot:
    """A bot that is not stored yet: checked, its token sealed."""

    name: str
    system: System
    account: Account
    telegram_id: int | None
    alert_chat_id: int | None
    token_sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class BotCheck:
    """The state of a bot at Telegram or its gateway. `ok` is None when the gateway cannot be asked."""

    name: str
    channel: Channel
    ok: bool | None = False
    username: str | None = None
    webhook: str | None = None
    pending: int | None = None
    problem: str | None = None
    next_step: str = ""


def prepare(name: str, system: System, account: Account, secrets_key: str, alerts: int | None = None) -> NewBot:
    """A new bot, or a known one with its new token; `alerts` is a chat. Raises ValueError, ConfigError."""
    telegram_id = _check_form(name, account)
    sealed = secrets.seal(secrets_key, account.token, token_associated_data(name))
    return NewBot(name, system, account, telegram_id, alerts, sealed)


def _check_form(name: str, account: Account) -> int | None:
    """A Telegram bot's number. Raises ValueError for a name, token or address that is malformed."""
    if not NAME.fullmatch(name):
        raise ValueError("a bot's name is made of a-z, 0-9, - and _")
    if account.channel == "telegram":
        if account.address:
            raise ValueError(NO_ADDRESS)
        if not account.token:
            raise ValueError("there is no token: the file is empty, or its first line is")
        if account.token[0] in QUOTES:
            raise ValueError("the token stands in quotes: give it without them")
        if not (form := TOKEN.fullmatch(account.token)):
            raise ValueError("that is no bot token: it reads 123456789:AA…, as @BotFather gave it")
        return int(form[1])
    check_address(account.channel, account.address or "")
    if not WHATSAPP_TOKEN.fullmatch(account.token):
        raise ValueError("that is no token: it has at least 8 characters, no spaces and no letters but Latin")
    return None


def check_address(channel: Channel, address: str) -> None:
    """Raises ValueError when `address` cannot be that of an account of `channel`."""
    if channel == "telegram":
        raise ValueError(NO_ADDRESS)
    pattern, description = ADDRESSES[channel]
    if not re.fullmatch(pattern, address):
        raise ValueError(f"--address is {description}")


def identify(account: Account) -> str | None:
    """Ask whether `account` can send; a Telegram bot's username. Raises AdminError when its token is refused."""
    if account.channel == "telegram":
        username: str | None = call(account.token, "getMe").get("username")
        return username
    state(account)
    return None


def check_key(connection: Connection, name: str) -> None:
    """Raises AdminError when SECRETS_KEY did not seal the other bots' tokens: a new bot would part them.

    A bot that is known may be added again, which is how a lost key is got over.
    """
    known = fetch(connection, _SQL["with_tokens"], name=None)
    if any(bot["name"] == name for bot in known):
        return
    key = config.load(names=("secrets_key",)).secrets_key
    for bot in known:
        try:
            secrets.unseal(key, bot["token_sealed"], token_associated_data(bot["name"]))
        except ConfigError:
            cause = f"SECRETS_KEY is not the key that sealed the token of bot {bot['name']}"
            step = f"set that key, alone or after a comma; if it is lost, first: carillon bots add {bot['name']}"
            raise AdminError(cause, step) from None


def add(connection: Connection, bot: NewBot, username: str | None = None) -> bool:
    """Store the bot; whether it is new. Raises AdminError when the name or the account is another bot's."""
    if bot.telegram_id and (same := fetch(connection, _SQL["same"], name=bot.name, telegram_id=bot.telegram_id)):
        known = same[0]["name"]
        cause = f"this token is already that of bot {known} (system {same[0]['system']})"
        raise AdminError(cause, f"one bot has one name: use {known}, or take another bot's token from @BotFather")
    written = fetch(connection, _SQL["add"], name=bot.name, system=bot.system, channel=bot.account.channel,
                    telegram_id=bot.telegram_id, address=bot.account.address or None, alerts=bot.alert_chat_id,
                    username=username, sealed=bot.token_sealed)  # fmt: skip
    if not written:
        cause = f"{bot.name} is another account, or one of another system"
        raise AdminError(cause, "choose another name, or look: carillon bots list")
    return bool(written[0]["added"])


def list_all(connection: Connection) -> list[DictRow]:
    """All bots, without their tokens."""
    return fetch(connection, _SQL["list"])


def with_tokens(connection: Connection, name: str = "") -> list[dict[str, Any]]:
    """All bots, or the one called `name`, with their tokens. Raises AdminError, ConfigError."""
    found = fetch(connection, _SQL["with_tokens"], name=name or None)
    if name and not found:
        raise AdminError(f"there is no bot {name}", "look: carillon bots list")
    key = config.load(names=("secrets_key",)).secrets_key
    return [
        {**bot, "token": secrets.unseal(key, bot["token_sealed"], token_associated_data(bot["name"]))} for bot in found
    ]


def check(connection: Connection, name: str = "") -> list[BotCheck]:
    """Ask about all bots, or the one called `name`. A bot that was refused and works again is put back to work.

    Raises AdminError when there is no such bot, ConfigError.
    """
    return [_check(connection, bot) for bot in with_tokens(connection, name)]


def _check(connection: Connection, bot: dict[str, Any]) -> BotCheck:
    try:
        result = _check_telegram(bot) if bot["channel"] == "telegram" else _check_whatsapp(bot)
    except AdminError as error:
        return BotCheck(
            bot["name"], bot["channel"], username=bot["username"], problem=error.cause, next_step=error.next_step
        )
    if result.ok:
        connection.execute(_SQL["mark_working"], {"bot": bot["id"], "username": result.username})
    return result


def _check_telegram(bot: dict[str, Any]) -> BotCheck:
    me, webhook = call(bot["token"], "getMe"), call(bot["token"], "getWebhookInfo")
    return BotCheck(
        bot["name"],
        bot["channel"],
        ok=True,
        username=me.get("username"),
        webhook=webhook.get("url") or None,
        pending=webhook.get("pending_update_count", 0),
        problem=webhook.get("last_error_message"),
    )


def _check_whatsapp(bot: dict[str, Any]) -> BotCheck:
    known = state(Account(bot["channel"], bot["token"], bot["address"]))
    return BotCheck(
        bot["name"],
        bot["channel"],
        ok=True if known else None,
        username=bot["username"],
        problem=None if known else UNCHECKABLE,
    )


def pause(connection: Connection, name: str = "") -> list[str]:
    """Let nothing more be sent by the bot called `name`, or by any; what is queued waits. The names of those stopped.

    What is being sent at this moment still ends. Raises AdminError when there is no such bot.
    """
    return _set_status(connection, "pause", name)


def resume(connection: Connection, name: str = "") -> list[str]:
    """Let the bot called `name`, or all that are paused, send again; their names. Raises AdminError: no such bot."""
    return _set_status(connection, "resume", name)


def _set_status(connection: Connection, statement: str, name: str) -> list[str]:
    changed = [row["name"] for row in fetch(connection, _SQL[statement], name=name or None)]
    if name and not changed and name not in {bot["name"] for bot in list_all(connection)}:
        raise AdminError(f"there is no bot {name}", "look: carillon bots list")
    return sorted(changed)
