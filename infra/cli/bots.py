"""`carillon bots`: who speaks. Tokens are sealed on their way in and never shown."""

import re
import sys
from typing import Annotated, Any, Literal

import typer

from infra.admin.database import Connection, connect, fetch
from infra.admin.errors import AdminError
from infra.admin.probes.telegram import call
from infra.admin.probes.whatsapp import UNCHECKABLE, state
from infra.cli.output import AsJson, complain, print_json, print_table, say
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account, Channel
from shared.credentials.bots import token_associated_data
from shared.database import sql

app = typer.Typer(help="The bots that send: add, check, connect.", no_args_is_help=True)

System = Literal["courses", "getcourse", "salon", "support", "learning"]
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
TOKEN = re.compile(r"([1-9]\d{4,14}):[A-Za-z0-9_-]{30,64}")
WHATSAPP_TOKEN = re.compile(r"[!-~]{8,1000}")
ADDRESSES = {
    "chatflow": (r"(flow:)?[\w-]{1,200}", "the instance's id, or flow:ID"),
    "evolution": (r"[^/?#]*[^/?#\s][^/?#]*", "the instance's name"),
    "whatsapp_cloud": (r"\d{5,20}", "the phone number's id, which is not the number"),
}

_SQL = sql.load(__file__)


@app.command(
    epilog="Examples: carillon bots add school --system getcourse --token-stdin < token.txt, "
    "carillon bots add desk --system support --channel chatflow --address INSTANCE"
)
def add(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="Your name for it: a-z, 0-9, - and _.")],
    system: Annotated[System, typer.Option(help="The system that it belongs to.")],
    channel: Annotated[Channel, typer.Option(help="Telegram, or the gateway of a WhatsApp account.")] = "telegram",
    address: Annotated[str, typer.Option(help="WhatsApp: instance id, instance name or phone number id.")] = "",
    alerts: Annotated[int | None, typer.Option(metavar="CHAT_ID", help="The chat that hears of its troubles.")] = None,
    token: Annotated[
        str, typer.Option(help="From @BotFather or the gateway. Better: --token-stdin, or leave it out and be asked.")
    ] = "",
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read the token from standard input.")] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not ask Telegram or the gateway.")] = False,
) -> None:
    """Add a bot, or give a known one its new token. A WhatsApp account is a bot, too."""
    token = (sys.stdin.readline() if token_stdin else token or typer.prompt("Token", hide_input=True)).strip()
    telegram_id = _checked(name, channel, address, token)
    sealed = secrets.seal(config.load().secrets_key, token, token_associated_data(name))
    username = None if no_check else _username(Account(channel, token, address))
    with connect() as connection:
        written = fetch(connection, _SQL["add"], name=name, system=system, channel=channel, telegram_id=telegram_id,
                        address=address or None, alerts=alerts, username=username, sealed=sealed)  # fmt: skip
        if not written:
            raise AdminError(f"another bot is called {name}, or this bot has another name", "look: carillon bots list")
    say(
        f"✓ bot {name} "
        + ("can send" if written[0]["added"] else "has its new token")
        + (f" as @{username}" if username else "")
    )
    if channel == "chatflow" and not no_check:
        say(f"{UNCHECKABLE}: send yourself a message.", "yellow")


def _checked(name: str, channel: Channel, address: str, token: str) -> int | None:
    """A Telegram bot's number. Raises typer.BadParameter when something has not the form that it must have."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter("a bot's name is made of a-z, 0-9, - and _")
    if channel == "telegram":
        if address:
            raise typer.BadParameter("--address is of WhatsApp accounts; a Telegram bot has none")
        if not (form := TOKEN.fullmatch(token)):
            raise typer.BadParameter("that is no bot token: it reads 123456789:AA…, as @BotFather gave it")
        return int(form[1])
    pattern, words = ADDRESSES[channel]
    if not re.fullmatch(pattern, address):
        raise typer.BadParameter(f"--address is {words}")
    if not WHATSAPP_TOKEN.fullmatch(token):
        raise typer.BadParameter("that is no token: it has at least 8 characters, no spaces and no letters but Latin")
    return None


def _username(account: Account) -> str | None:
    """A Telegram bot's name. Raises Failure when the token is not taken."""
    if account.channel == "telegram":
        username: str | None = call(account.token, "getMe").get("username")
        return username
    state(account)
    return None


@app.command("list", epilog="Example: carillon bots list --json")
def list_(as_json: AsJson = False) -> None:
    """Show all bots, without their tokens."""
    with connect() as connection:
        bots = fetch(connection, _SQL["list"])
    if as_json:
        print_json(bots)
    else:
        print_table(bots, ("name", "system", "channel", "username", "status", "rate_per_second", "waiting"),
                    "no bots yet; add one: carillon bots add NAME --system getcourse")  # fmt: skip


@app.command(epilog="Example: carillon bots check school")
def check(
    name: Annotated[str, typer.Argument(help="One bot; all when left out.")] = "", as_json: AsJson = False
) -> None:
    """Ask Telegram about each bot and its webhook, and gateways about their accounts.

    A bot that was refused and works again is put back to work. ChatFlow cannot be asked without sending.
    """
    with connect() as connection:
        results = [_check(connection, bot) for bot in with_tokens(connection, name)]
    if as_json:
        print_json(results)
    else:
        print_table(results, ("name", "channel", "ok", "username", "webhook", "pending", "problem"), "no bots yet")
    if any(result["ok"] is False for result in results):
        raise typer.Exit(1)


@app.command("set-webhook", epilog="Example: carillon bots set-webhook school --url https://functions.example.com")
def set_webhook(
    name: Annotated[str, typer.Argument(help="The bot.")],
    url: Annotated[str, typer.Option(help="Where the functions are served; /telegram_webhook/NAME is added.")],
) -> None:
    """Tell Telegram to bring this bot's updates to telegram_webhook. Waiting updates are kept."""
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", url):
        raise typer.BadParameter("--url is an address like https://functions.example.com")
    with connect() as connection:
        bot = with_tokens(connection, name)[0]
    if bot["channel"] != "telegram":
        raise AdminError(
            f"{name} is a WhatsApp account: its gateway brings what people write to ingest_webhook",
            f"run: carillon sources add whatsapp NAME --gateway {bot['channel']}, and put the address that it shows "
            "into the gateway's settings",
        )
    address = f"{url.rstrip('/')}/telegram_webhook/{name}"
    secret = secrets.telegram_webhook_secret(config.load().secrets_key, name, bot["webhook_version"])
    call(bot["token"], "setWebhook", url=address, secret_token=secret, allowed_updates=UPDATES)
    say(f"✓ Telegram brings the updates of {name} to {address}")


@app.command("new-key", epilog="Example: carillon bots new-key")
def new_key() -> None:
    """Make a SECRETS_KEY. Put it where your settings are kept; without it no stored token opens."""
    sys.stdout.write(secrets.new_key() + "\n")


def with_tokens(connection: Connection, name: str = "") -> list[dict[str, Any]]:
    """All bots, or the one called `name`, with their tokens. Raises Failure, ConfigError."""
    found = fetch(connection, _SQL["sealed"], name=name or None)
    if name and not found:
        raise AdminError(f"there is no bot {name}", "look: carillon bots list")
    key = config.load().secrets_key
    return [
        {**bot, "token": secrets.unseal(key, bot["token_sealed"], token_associated_data(bot["name"]))} for bot in found
    ]


def _check(connection: Connection, bot: dict[str, Any]) -> dict[str, Any]:
    result = {"name": bot["name"], "channel": bot["channel"], "ok": False, "username": bot["username"],
              "webhook": None, "pending": None, "problem": None}  # fmt: skip
    try:
        result |= _telegram(bot) if bot["channel"] == "telegram" else _whatsapp(bot)
    except AdminError as failure:
        complain(f"{bot['name']}: {failure.cause}", failure.next_step)
        return result | {"problem": failure.cause}
    if result["ok"]:
        connection.execute(_SQL["accepted"], {"bot": bot["id"], "username": result["username"]})
    return result


def _telegram(bot: dict[str, Any]) -> dict[str, Any]:
    me, webhook = call(bot["token"], "getMe"), call(bot["token"], "getWebhookInfo")
    return {
        "ok": True,
        "username": me.get("username"),
        "webhook": webhook.get("url") or None,
        "pending": webhook.get("pending_update_count", 0),
        "problem": webhook.get("last_error_message"),
    }


def _whatsapp(bot: dict[str, Any]) -> dict[str, Any]:
    """`ok` is neither yes nor no when nobody can be asked."""
    known = state(Account(bot["channel"], bot["token"], bot["address"]))
    return {"ok": True} if known else {"ok": None, "problem": UNCHECKABLE}
