"""`carillon support add-client` and `clients`: the desks, and the businesses that rent them."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.support import desks
from infra.admin.support.desks import NewDesk
from infra.cli.options import chats, times
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, MaxRows, print_json, print_page, say

ADD_EXAMPLES = (
    "Example: carillon support add-client Ромашка --source romashka --telegram-bot desk --whatsapp-bot romashka-wa "
    "--chat -1001234567890 --owner @romashka_owner"
)
LIST_EXAMPLES = "Example: carillon support clients --json"
COLUMNS = ("name", "status", "source", "gateway", "whatsapp_bot", "telegram_bot", "chat", "waiting", "id")

DeskArgument = Annotated[str, typer.Argument(metavar="CLIENT", help="The client's name or id.")]
DeskOption = Annotated[str, typer.Option("--client", help="The client's name or id.")]


def add_client(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="The business, as managers call it.")],
    source: Annotated[str, typer.Option(help="The WhatsApp source whose webhooks are theirs.")],
    telegram_bot: Annotated[str, typer.Option(help="The bot that speaks to the managers.")],
    whatsapp_bot: Annotated[str, typer.Option(help="The WhatsApp account that speaks to people.")],
    chat: Annotated[
        int, typer.Option(parser=chats.chat, metavar="CHAT_ID", help="The managers' group with topics: -100…")
    ],
    owner: Annotated[str, typer.Option(help="The @name that the urgent reminder mentions.")] = "",
    timezone: Annotated[
        str, typer.Option(callback=times.timezone, help="The zone in which they work.")
    ] = "Asia/Almaty",
    instance_id: Annotated[str, typer.Option(help="The gateway's instance, as your own systems call it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Open a desk for a business."""
    desk = NewDesk(name.strip(), source, telegram_bot, whatsapp_bot, chat, owner, timezone, instance_id)
    with usage_errors():
        desks.check_name(desk.name)
    with connect() as connection:
        added = desks.add(connection, desk)
    if as_json:
        print_json({"id": added, "name": desk.name})
        return
    say(f"✓ client {desk.name} has a desk: {added}")
    for step in _next_steps(telegram_bot):
        say(f"  → {step}")


def _next_steps(telegram_bot: str) -> list[str]:
    return [
        f"turn on Topics in the group and make bot {telegram_bot} its administrator, with the right to manage topics",
        "tell the bot what it may say: carillon support prompt system_prompt --example",
        "see what is missing: carillon doctor",
    ]


def clients(limit: MaxRows = 50, as_json: AsJson = False) -> None:
    """Show the clients, and how many people of each wait for a manager."""
    with connect() as connection:
        rows = desks.list_all(connection)
    if as_json:
        print_json(rows)
    else:
        print_page(rows, COLUMNS, "no clients yet; add one: carillon support add-client NAME", limit)
