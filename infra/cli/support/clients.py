"""`carillon support add-client` and `clients`: whose desks there are."""

import re
from typing import Annotated, Any
from uuid import UUID

import typer
from psycopg import errors
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import times
from infra.cli.output import AsJson, print_json, print_table, say
from shared.database import sql

ADD_EXAMPLES = (
    "Example: carillon support add-client Ромашка --source romashka --telegram-bot desk --whatsapp-bot romashka-wa "
    "--chat -1001234567890 --owner @romashka_owner"
)
LIST_EXAMPLES = "Example: carillon support clients --json"
MAX_NAME = 128
OWNER = re.compile(r"@?[A-Za-z][A-Za-z0-9_]{3,31}")
GROUP = re.compile(r"-[1-9][0-9]{4,17}")

ClientArgument = Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name or id.")]
ClientOption = Annotated[str, typer.Option("--client", help="The client's name or id.")]

_SQL = sql.load(__file__)


def add_client(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="The business, as managers call it.")],
    source: Annotated[str, typer.Option(help="The WhatsApp source whose webhooks are theirs.")],
    telegram_bot: Annotated[str, typer.Option(help="The bot that speaks to the managers.")],
    whatsapp_bot: Annotated[str, typer.Option(help="The WhatsApp account that speaks to people.")],
    chat: Annotated[int, typer.Option(help="The managers' group with topics: -100…")],
    owner: Annotated[str, typer.Option(help="@name of whom the urgent reminder names.")] = "",
    timezone: Annotated[str, typer.Option(callback=times.timezone, help="Theirs.")] = "Asia/Almaty",
    instance_id: Annotated[str, typer.Option(help="The gateway's instance, as your own systems call it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Open a desk for a business."""
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise typer.BadParameter(f"a client's name has 1 to {MAX_NAME} characters, all of them visible")
    values: dict[str, Any] = {"chat": group(chat), "owner": username(owner) if owner else None, "timezone": timezone}
    with connect() as connection, connection.transaction():
        if fetch(connection, _SQL["named"], client=name):
            raise AdminError(f"there is a client {name} already", "change it: carillon support settings")
        values |= {
            "source": _free_source(connection, source),
            "telegram_bot": bot_id(connection, telegram_bot, whatsapp=False),
            "whatsapp_bot": bot_id(connection, whatsapp_bot, whatsapp=True),
        }
        config = Jsonb({"instance_id": instance_id} if instance_id else {})
        try:
            client = fetch_one(connection, _SQL["add"], name=name, config=config, **values)["client_id"]
        except errors.UniqueViolation:  # somebody was quicker
            raise AdminError(f"source {source} is another client's by now", "look: carillon support clients") from None
    if as_json:
        print_json({"id": client, "name": name})
        return
    say(f"✓ client {name} has a desk: {client}")
    for step in _next_steps(telegram_bot):
        say(f"  → {step}")


def _next_steps(telegram_bot: str) -> list[str]:
    return [
        f"turn on Topics in the group and make bot {telegram_bot} its administrator, with the right to manage topics",
        "tell the bot what it may say: carillon support prompt system_prompt --example",
        "see what is missing: carillon doctor",
    ]


def clients(as_json: AsJson = False) -> None:
    """Show all clients, and how many people wait for a manager."""
    with connect() as connection:
        rows = fetch(connection, _SQL["list"])
    if as_json:
        print_json(rows)
    else:
        columns = ("name", "status", "source", "gateway", "whatsapp_bot", "telegram_bot", "chat", "waiting", "id")
        print_table(rows, columns, "no clients yet; add one: carillon support add-client NAME")


def find(connection: Connection, client: str) -> DictRow:
    """The id and name of the client that has this name or id. Raises Failure."""
    found = fetch(connection, _SQL["named"], client=client)
    if len(found) > 1:
        ids = ", ".join(str(row["id"]) for row in found)
        raise AdminError(f"{len(found)} clients are called {client}", f"give an id: {ids}")
    if not found:
        known = ", ".join(row["name"] for row in fetch(connection, _SQL["names"]))
        next_step = f"there are: {known}" if known else "add one: carillon support add-client NAME"
        raise AdminError(f"there is no client {client}", next_step)
    return found[0]


def group(chat: int) -> str:
    """A group's id as the table has it. Raises Failure."""
    if not GROUP.fullmatch(str(chat)):
        raise AdminError(
            f"chat {chat} is no group", "a group's id is negative, a forum's begins with -100: give it as --chat"
        )
    return str(chat)


def username(owner: str) -> str:
    """Somebody's name in Telegram. Raises Failure."""
    if not OWNER.fullmatch(owner):
        raise AdminError("that is no Telegram username", "write it like @romashka_owner: 4 to 32 of a-z, 0-9 and _")
    return owner


def bot_id(connection: Connection, name: str, *, whatsapp: bool, client: UUID | None = None) -> int:
    """The id of a bot of the support desk that `client`, or a new one, may have. Raises Failure."""
    what = "a WhatsApp account" if whatsapp else "a Telegram bot"
    options = "--channel … --address …" if whatsapp else ""
    add = f"add one: carillon bots add NAME --system support {options}".rstrip()
    found = fetch(connection, _SQL["bot"], name=name, client=client)
    if not found:
        raise AdminError(f"there is no bot {name}", f"look: carillon bots list; or {add}")
    bot = found[0]
    if (bot["channel"] != "telegram") != whatsapp:
        raise AdminError(
            f"bot {name} speaks through {bot['channel']} and is not {what}", f"look: carillon bots list; or {add}"
        )
    if bot["system"] != "support":
        raise AdminError(f"bot {name} belongs to {bot['system']}, not to support", add)
    if whatsapp and bot["others"] is not None:
        raise AdminError(f"account {name} is already {bot['others']}'s", f"each client has a number of its own; {add}")
    return int(bot["id"])


def _free_source(connection: Connection, name: str) -> int:
    found = fetch(connection, _SQL["source"], name=name)
    if not found:
        add = f"carillon sources add whatsapp {name} --gateway …"
        raise AdminError(f"there is no whatsapp source {name}", f"look: carillon sources list; or add it: {add}")
    if found[0]["client"] is not None:
        raise AdminError(
            f"source {name} is already {found[0]['client']}'s",
            "each client has a source of its own: carillon sources add",
        )
    return int(found[0]["id"])
