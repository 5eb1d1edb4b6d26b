"""`carillon bots`: who sends."""

import sys
from typing import Annotated

import typer

from infra.admin import bots
from infra.admin.bots import System
from infra.admin.database import connect
from infra.admin.probes.whatsapp import UNCHECKABLE
from infra.admin.rotation import reseal as sealed_values
from infra.admin.rotation import telegram_webhook
from infra.cli.corrections import bots as corrections
from infra.cli.options import chats, stdin
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, MaxRows, complain, print_json, print_page, print_table, say
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account, Channel

app = typer.Typer(help="The bots that send: add, check, connect, correct.", no_args_is_help=True)
app.command("settings", epilog=corrections.SETTINGS_EXAMPLES)(corrections.settings)
app.command("remove", epilog=corrections.REMOVE_EXAMPLES)(corrections.remove)

BotName = Annotated[str, typer.Argument(metavar="[NAME]", help="The bot; or say --all.", show_default=False)]
EveryBot = Annotated[bool, typer.Option("--all", help="Every bot, WhatsApp accounts included.")]
TokenByStdin = Annotated[
    bool,
    typer.Option(
        "--token-stdin",
        help="Read the token from @BotFather or the gateway from standard input. You are asked when it is left out.",
    ),
]

CHECKED = ("name", "channel", "ok", "username", "webhook", "pending", "problem")


@app.command(
    epilog="Examples: carillon bots add school --system getcourse --token-stdin < token.txt, "
    "carillon bots add desk --system support --channel chatflow --address INSTANCE"
)
def add(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="Your name for it: a-z, 0-9, - and _.")],
    system: Annotated[System, typer.Option(help="The system that it belongs to.")],
    channel: Annotated[Channel, typer.Option(help="Telegram, or the gateway of a WhatsApp account.")] = "telegram",
    address: Annotated[str, typer.Option(help="WhatsApp: instance id, instance name or phone number id.")] = "",
    alerts: Annotated[
        int | None, typer.Option(parser=chats.chat, metavar="CHAT_ID", help="The chat that hears of its problems.")
    ] = None,
    token: Annotated[str, typer.Option("--token", hidden=True)] = "",  # its former way, for one release
    token_stdin: TokenByStdin = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not ask Telegram or the gateway.")] = False,
) -> None:
    """Add a bot, or give a known one its new token. A WhatsApp account is a bot, too."""
    stdin.warn_of("--token", token)
    token = (sys.stdin.readline() if token_stdin else token or typer.prompt("Token", hide_input=True)).strip()
    with usage_errors():
        bot = bots.prepare(
            name, system, Account(channel, token, address), config.load(names=("secrets_key",)).secrets_key, alerts
        )
    username = None if no_check else bots.identify(bot.account)
    with connect() as connection:
        bots.check_key(connection, name)
        added = bots.add(connection, bot, username)
    say(f"✓ bot {name} " + ("can send" if added else "has its new token") + (f" as @{username}" if username else ""))
    if channel == "chatflow" and not no_check:
        say(f"{UNCHECKABLE}: send yourself a message.", "yellow")


@app.command("list", epilog="Example: carillon bots list --json")
def list_(limit: MaxRows = 50, as_json: AsJson = False) -> None:
    """Show the bots, without their tokens."""
    with connect() as connection:
        rows = bots.list_all(connection)
    if as_json:
        print_json(rows)
    else:
        columns = ("name", "system", "channel", "username", "status", "rate_per_second", "waiting")
        print_page(rows, columns, "no bots yet; add one: carillon bots add NAME --system getcourse", limit)


@app.command(epilog="Example: carillon bots check school")
def check(
    name: Annotated[str, typer.Argument(help="One bot; all when left out.")] = "", as_json: AsJson = False
) -> None:
    """Ask Telegram about each bot and its webhook, and gateways about their accounts.

    A bot that was refused and works again is put back to work. ChatFlow cannot be asked without sending.
    """
    with connect() as connection:
        results = bots.check(connection, name)
    failed = [result for result in results if result.ok is False]
    for result in failed:
        complain(f"{result.name}: {result.problem}", result.next_step)
    rows = [{column: getattr(result, column) for column in CHECKED} for result in results]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, CHECKED, "no bots yet")
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Examples: carillon bots pause school, carillon bots pause --all")
def pause(name: BotName = "", every: EveryBot = False) -> None:
    """Let a bot send nothing until it is resumed. What is queued, and what is added to it, waits."""
    _name_one_or_all(name, every=every)
    with connect() as connection:
        paused = bots.pause(connection, name)
    say(f"✓ paused: {', '.join(paused)}" if paused else "nothing to pause: they are paused already")


@app.command(epilog="Examples: carillon bots resume school, carillon bots resume --all")
def resume(name: BotName = "", every: EveryBot = False) -> None:
    """Let a paused bot send again: the next dispatch sends what is due and still worth sending."""
    _name_one_or_all(name, every=every)
    with connect() as connection:
        resumed = bots.resume(connection, name)
    say(f"✓ resumed: {', '.join(resumed)}" if resumed else "nothing to resume: none of them is paused")


@app.command(
    "set-webhook",
    epilog="Examples: carillon bots set-webhook school --url https://functions.example.com, "
    "carillon bots set-webhook school --rotate",
)
def set_webhook(
    name: Annotated[str, typer.Argument(help="The bot.")],
    url: Annotated[
        str,
        typer.Option(
            help="Where the functions are served; /telegram_webhook/NAME is added. When left out, it stays the same."
        ),
    ] = "",
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Give Telegram a new secret; the former is accepted for a day more.")
    ] = False,
) -> None:
    """Make telegram_webhook this bot's webhook at Telegram. Waiting updates are kept.

    Its secret is derived from the newest key of SECRETS_KEY, which has to be where the functions run before.
    """
    with usage_errors():
        address = telegram_webhook.address_of(name, url) if url else None
    with connect() as connection:
        address = telegram_webhook.register(connection, name, address, rotate=rotate)
    say(f"✓ Telegram brings the updates of {name} to {address}" + (", with a new secret" if rotate else ""))


@app.command(epilog="Example: carillon bots reseal")
def reseal() -> None:
    """Seal all tokens and signing secrets that are stored anew, with the newest key of SECRETS_KEY.

    All of them or none. The newest key has to be where the functions run before.
    """
    with connect() as connection:
        count = sealed_values.reseal(connection)
        names = [registration.bot for registration in telegram_webhook.registrations(connection)]
    say(f"✓ {count} values are sealed with the newest key")
    if names:
        say(f"  → give Telegram secrets of that key, too, for each of {', '.join(names)}: "
            "carillon bots set-webhook NAME --rotate")  # fmt: skip
    say("  → then carillon doctor says when the older key can be taken out of SECRETS_KEY")


@app.command("new-key", epilog="Example: carillon bots new-key")
def new_key() -> None:
    """Make a SECRETS_KEY. Put it where your settings are kept; without it no stored token opens.

    To replace a key, put the new one in front of it with a comma, and then: carillon bots reseal.
    """
    sys.stdout.write(secrets.new_key() + "\n")


def _name_one_or_all(name: str, *, every: bool) -> None:
    """Raises typer.BadParameter."""
    if bool(name) == every:
        raise typer.BadParameter("name one bot, or say --all")
