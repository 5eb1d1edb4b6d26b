"""`carillon init`: from an empty database to a bundle that can be served."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from infra.admin import logins, schema
from infra.admin.database import connect
from infra.admin.operating import env_file, files, first_day
from infra.admin.operating.first_day import Begun, WithBot
from infra.admin.rotation import telegram_webhook
from infra.admin.sources import Gateway
from infra.cli import source_addresses
from infra.cli.doctor import doctor
from infra.cli.options import chats
from infra.cli.options.usage import usage_errors
from infra.cli.output import say
from shared import config

ENV = Path(".env")
EXAMPLES = (
    "Examples: carillon init, carillon init --url https://functions.example.com --system getcourse"
    " --alerts -1001900000001 --token-file token.txt"
)
NEXT: Mapping[Begun, str] = {
    "getcourse": "carillon people template mapping > mapping.csv, then people import (docs/systems/getcourse.md)",
    "support": "carillon bots add NAME --system support --channel GATEWAY …, then carillon support add-client",
    "salon": "carillon salon connect --all, then carillon sources add yclients NAME --tenant SALON",
    "courses": "carillon courses init --name NAME --bot courses, then carillon courses consent-texts and roles",
    "learning": "carillon learning add-client NAME, then carillon learning import FILE (docs/systems/learning.md)",
}
Alerts = Annotated[
    int | None, typer.Option(parser=chats.chat, metavar="CHAT_ID", help="The chat that hears of the bot's problems.")
]


def init(  # noqa: PLR0913 - each is an answer that can be given beforehand
    database_url: Annotated[str, typer.Option(help="An empty database, and its owner.")] = "",
    url: Annotated[str, typer.Option(help="Where the functions will be served: https://functions.example.com.")] = "",
    system: Annotated[Begun | None, typer.Option(help="The system to begin with; again for another one.")] = None,
    gateway: Annotated[Gateway | None, typer.Option(help="Of a support desk: whose webhooks come.")] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The token from @BotFather. You are asked otherwise."),
    ] = None,
    alerts: Alerts = None,
    prefix: Annotated[str, typer.Option(help="What the functions' logins begin with.")] = logins.DEFAULT_PREFIX,
) -> None:
    """Set a bundle up: settings, schema, logins, a bot with its webhook, and the address for who calls us.

    It asks for what is not given, and writes .env of this folder, which nobody but you may read. Stop it whenever you
    like, and run it again: what is there stays, and it goes on with what is missing.
    """
    _settings(database_url)
    before, after = schema.upgrade()
    say(f"✓ the schema is at {after}" + ("" if before == after else f", before: {before or 'nothing'}"))
    _logins(prefix)
    system = system or typer.prompt("The system to begin with: getcourse, support, salon, courses or learning")
    if system not in NEXT:
        raise typer.BadParameter(f"{system} is none of {', '.join(NEXT)}")
    url = (url or typer.prompt("Where the functions will be served, like https://functions.example.com")).rstrip("/")
    with usage_errors():
        address = telegram_webhook.address_of(system, url)
    _complete({"MEDIA_URL": f"{url}/serve_media"})
    if system == "learning":  # no bot speaks there: its front ends call, and who may is said with a client
        for function in ("learning_api", "agent_reply"):
            say(f"✓ front ends call {url}/{function}; {url}/{function}/openapi.json says how")
    else:
        _bot(system, address, token_file, alerts)
        _source(system, gateway, url)
    say(f"  → next: {NEXT[system]}")
    say("  → when it is for real: SERVER_ENV=prod in .env; then carillon serve, or a cloud (docs/operations.md)\n")
    doctor()


def _settings(database_url: str) -> None:
    """What is asked once; the database is tried before its address is written down."""
    if database_url or not _has_database():
        os.environ["DATABASE_URL"] = database_url or typer.prompt("DATABASE_URL, an empty database and its owner")
    with connect(config.load(names=("database_direct_url",)).database_direct_url):
        say("✓ the database answers")
    given = {"DATABASE_URL": os.environ.get("DATABASE_URL", "")} if not env_file.read(ENV).get("DATABASE_URL") else {}
    new = {name: value for name, value in first_day.new_secrets().items() if not os.environ.get(name)}
    _complete({**given, **new})


def _has_database() -> bool:
    return any(os.environ.get(name) for name in ("DATABASE_URL", "DB_URL", "DB_HOST", "POSTGRES_USER"))


def _complete(values: Mapping[str, str]) -> None:
    """Write down what .env does not have, and use it from now on."""
    added = env_file.complete(ENV, values)
    os.environ.update({name: values[name] for name in added})
    if added:
        say(f"✓ {ENV} has {', '.join(added) if len(added) < 5 else f'{len(added)} new lines'}")


def _logins(prefix: str) -> None:
    """A login for each function, which .env has before it is valid."""
    with usage_errors():
        logins.check_prefix(prefix)
    direct = config.load(names=("database_direct_url",)).database_direct_url
    with connect(direct) as connection, connection.transaction():
        _complete(first_day.add_logins(connection, prefix, list(env_file.read(ENV))))
    say("✓ each function has its own login at the database")


def _bot(system: WithBot, address: str, token_file: Path | None, alerts: int | None) -> None:
    with connect() as connection:
        known = first_day.known_bot(connection, system)
        if known is None:
            token = (
                files.read(token_file).decode("utf-8", "replace")
                if token_file
                else typer.prompt("The bot's token, from @BotFather", hide_input=True)
            )
            with usage_errors():
                username = first_day.add_bot(connection, system, token.strip(), alerts)
            say(f"✓ bot {system} can send as @{username}")
        name = known["name"] if known else system
        where = address.removesuffix(system) + name
        say(f"✓ Telegram brings the updates of {name} to {telegram_webhook.register(connection, name, where)}")


def _source(system: WithBot, gateway: Gateway | None, url: str) -> None:
    source = first_day.source_of(system, gateway)
    if source is None:
        return
    with connect() as connection:
        address = first_day.add_source(connection, source)
    if address is None:
        again = f"carillon sources rotate {source.name} --provider {source.provider}"
        say(f"✓ source {source.name} may call; its address was shown once. Lost? {again}")
    else:
        source_addresses.show(address, done=f"✓ source {source.name} may call", base=f"{url}/ingest_webhook")
