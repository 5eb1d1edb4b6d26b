"""What is printed of a running stack: its addresses and what to try."""

import sys
from pathlib import Path
from urllib.parse import quote

from rich.console import Console
from rich.text import Text

from infra.admin.database import connect
from infra.admin.salon.users import invite, list_all
from infra.demo.getcourse.example import ANNA, PROCESS, PRODUCING, VERA
from infra.demo.learning.example import page
from infra.demo.salon.example import OWNER
from infra.demo.stack import Stack, pages_url
from infra.local.keys import GETCOURSE_BOT

PIPED_WIDTH = 120


def console() -> Console:
    """Where people read. Made before anything redirects stdout."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def greet(out: Console) -> None:
    """Print what happens in the seconds before the first result."""
    out.print("[bold]Carillon[/bold]: starting Postgres, all functions, the scheduler and a stand-in for Telegram …\n")


def show_page(stack: Stack, out: Console) -> None:
    """Print where the stories can be watched while they are played."""
    page = f"{stack.sandbox.url}/   the chats fill while you look\n"
    out.print(Text.assemble(("Watch     ", "bold"), page), soft_wrap=True)


def show(stack: Stack, out: Console, log: Path | None) -> None:
    """Print the addresses and a webhook to try."""
    lines = {
        "Telegram": f"{stack.sandbox.url}/   read the chats, write and press buttons in them",
        "Lesson": f"{page(stack.sandbox.url)}   a track in three tabs; agents answer as they speak",
        "Salon": f"{pages_link(stack)}   its owner's pages, signed in once; later ones: /dashboard in her chat",
        "Functions": f"{stack.functions_url}/",
        "Database": stack.database_url,
    }
    if log:
        lines["Logs"] = str(log)
    for label, value in lines.items():
        out.print(Text.assemble((f"{label:10}", "bold"), value), soft_wrap=True)
    chat = f"{stack.sandbox.url}/#{GETCOURSE_BOT}:{VERA.chat}"
    out.print(
        Text.assemble(("\nTry       ", "bold"), f"a webhook of your own; {VERA.name} reads it at {chat}\n"),
        soft_wrap=True,
    )
    out.print(Text(curl(stack)), soft_wrap=True)
    out.print(Text("\nCtrl-C stops everything.", "dim"))


def pages_link(stack: Stack) -> str:
    """An address that signs the example owner in to the pages, once."""
    with connect(stack.database_url) as connection:
        [owner] = [user["id"] for user in list_all(connection) if user["name"] == OWNER]
        return invite(connection, owner, pages_url(stack.functions_url)).link


def curl(stack: Stack) -> str:
    """A command that a shell runs as it is, again and again."""
    address = (
        f"{stack.functions_url}/ingest_webhook/getcourse/{PROCESS}?secret={quote(stack.keys.source_secret, safe='')}"
    )
    fields = ["id_otveta=$(date +%s)", f"id_uchenika={ANNA.getcourse_id}", f"answer_training_id={PRODUCING}",
              "answer_lesson_id=940101", "answer_status=new", "otvet=Мой ответ из терминала"]  # fmt: skip
    return " \\\n".join([f"curl -w '\\n' '{address}'", *(f'  --data-urlencode "{field}"' for field in fields)])
