"""`carillon bots`: who speaks. Tokens are sealed on their way in and never shown."""

import re
import sys
from typing import Annotated, Any, Literal

import typer

from infra.cli.database import Connection, connect, fetch
from infra.cli.failure import Failure
from infra.cli.output import AsJson, complain, print_json, print_table, say
from infra.cli.telegram_calls import call
from shared import config, secrets, sql
from shared.bots import token_place

app = typer.Typer(help="The bots that send: add, check, connect.", no_args_is_help=True)

System = Literal["courses", "getcourse", "salon", "support", "learning"]
UPDATES = ["message", "callback_query", "my_chat_member"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
TOKEN = re.compile(r"([1-9]\d{4,14}):[A-Za-z0-9_-]{30,64}")

_SQL = sql.load(__file__)


@app.command(epilog="Example: carillon bots add school --system getcourse --token-stdin < token.txt")
def add(
    name: Annotated[str, typer.Argument(help="Your name for it: a-z, 0-9, - and _.")],
    system: Annotated[System, typer.Option(help="The system that it belongs to.")],
    token: Annotated[
        str, typer.Option(help="From @BotFather. Better: --token-stdin, or leave it out and be asked.")
    ] = "",
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read the token from standard input.")] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not ask Telegram who it is.")] = False,
) -> None:
    """Add a bot, or give a known one its new token."""
    token = (sys.stdin.readline() if token_stdin else token or typer.prompt("Token", hide_input=True)).strip()
    if not NAME.fullmatch(name):
        raise typer.BadParameter("a bot's name is made of a-z, 0-9, - and _")
    if not (form := TOKEN.fullmatch(token)):
        raise typer.BadParameter("that is no bot token: it reads 123456789:AA…, as @BotFather gave it")
    sealed = secrets.seal(config.load().secrets_key, token, token_place(name))
    username = None if no_check else call(token, "getMe").get("username")
    with connect() as connection:
        written = fetch(connection, _SQL["add"], name=name, system=system, telegram_id=int(form[1]),
                        username=username, sealed=sealed)  # fmt: skip
        if not written:
            raise Failure(f"another bot is called {name}, or this bot has another name", "look: carillon bots list")
    say(
        f"✓ bot {name} "
        + ("can send" if written[0]["added"] else "has its new token")
        + (f" as @{username}" if username else "")
    )


@app.command("list", epilog="Example: carillon bots list --json")
def list_(as_json: AsJson = False) -> None:
    """Show all bots, without their tokens."""
    with connect() as connection:
        bots = fetch(connection, _SQL["list"])
    if as_json:
        print_json(bots)
    else:
        print_table(bots, ("name", "system", "username", "status", "rate_per_second", "waiting"),
                    "no bots yet; add one: carillon bots add NAME --system getcourse")  # fmt: skip


@app.command(epilog="Example: carillon bots check school")
def check(
    name: Annotated[str, typer.Argument(help="One bot; all when left out.")] = "", as_json: AsJson = False
) -> None:
    """Ask Telegram about each bot and its webhook. A bot that was refused and works again is put back to work."""
    with connect() as connection:
        results = [_check(connection, bot) for bot in with_tokens(connection, name)]
    if as_json:
        print_json(results)
    else:
        print_table(results, ("name", "ok", "username", "webhook", "pending", "problem"), "no bots yet")
    if not all(result["ok"] for result in results):
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
        raise Failure(f"there is no bot {name}", "look: carillon bots list")
    key = config.load().secrets_key
    return [{**bot, "token": secrets.unseal(key, bot["token_sealed"], token_place(bot["name"]))} for bot in found]


def _check(connection: Connection, bot: dict[str, Any]) -> dict[str, Any]:
    try:
        me, webhook = call(bot["token"], "getMe"), call(bot["token"], "getWebhookInfo")
    except Failure as failure:
        complain(f"{bot['name']}: {failure.cause}", failure.next_step)
        return {"name": bot["name"], "ok": False, "username": bot["username"], "webhook": None, "pending": None,
                "problem": failure.cause}  # fmt: skip
    connection.execute(_SQL["accepted"], {"bot": bot["id"], "username": me.get("username")})
    return {
        "name": bot["name"],
        "ok": True,
        "username": me.get("username"),
        "webhook": webhook.get("url") or None,
        "pending": webhook.get("pending_update_count", 0),
        "problem": webhook.get("last_error_message"),
    }
