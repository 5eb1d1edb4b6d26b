"""`carillon sources`: who may call our webhooks. Only the hash of a secret is kept."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer
from psycopg import errors
from psycopg.types.json import Jsonb

from functions.ingest_webhook.getcourse import OUR_FIELDS
from infra.cli import moments
from infra.cli.database import Connection, connect, fetch, fetch_one
from infra.cli.failure import Failure
from infra.cli.output import AsJson, print_json, print_table, say
from shared import secrets, sql

app = typer.Typer(help="The webhook sources: add, list, rotate their secrets.", no_args_is_help=True)

Provider = Literal["getcourse", "whatsapp", "yclients"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SHORTEST_SECRET = 24

_SQL = sql.load(__file__)


def field_map(pairs: list[str]) -> dict[str, str]:
    """FIELD=THEIRS pairs as a mapping. Raises typer.BadParameter."""
    mapping = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if not equals or not theirs.strip():
            raise typer.BadParameter("--map reads FIELD=THEIRS, for example --map answer_text=text")
        if ours not in OUR_FIELDS:
            raise typer.BadParameter(f"--map knows the fields {', '.join(OUR_FIELDS)}")
        mapping[ours] = theirs.strip()
    return mapping


@app.command(epilog="Example: carillon sources add getcourse school --map answer_text=text --admin-chat -1001234567890")
def add(  # noqa: PLR0913 - each is an option
    provider: Annotated[Provider, typer.Argument(help="Who calls.")],
    name: Annotated[str, typer.Argument(help="Your name for it, part of the address: a-z, 0-9, - and _.")],
    secret: Annotated[str, typer.Option(help="A secret of your own; otherwise one is made and shown once.")] = "",
    maps: Annotated[list[str], typer.Option("--map", metavar="FIELD=THEIRS", help="How they call our field.")] = [],  # noqa: B006
    admin_chat: Annotated[int | None, typer.Option(help="The chat that hears of answers without a mentor.")] = None,
    timezone: Annotated[
        str, typer.Option(callback=moments.timezone, help="Of times without an offset.")
    ] = "Europe/Moscow",
    bot: Annotated[str, typer.Option(help="The bot that speaks; otherwise the system's first.")] = "",
    link: Annotated[
        str, typer.Option(help="Of the button: https://…/{answer_id}; also {user_id} {lesson_id} {training_id}.")
    ] = "",
    collapse: Annotated[
        int, typer.Option(min=0, max=3600, help="Gather one student's answers for so many seconds.")
    ] = 3,
    language: Annotated[Literal["ru", "en"], typer.Option(help="Of the messages.")] = "ru",
    as_json: AsJson = False,
) -> None:
    """Let a provider in. Shows what to paste into its settings."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter("a source's name is made of a-z, 0-9, - and _")
    if link and not re.fullmatch(r"https?://[^\s]+", link):
        raise typer.BadParameter("--link is an address that begins with https://")
    row = {
        "provider": provider, "name": name, "field_map": Jsonb(field_map(maps)), "admin_chat": admin_chat,
        "timezone": timezone, "link": link or None, "collapse": collapse, "language": language,
    }  # fmt: skip
    chosen = _chosen(secret)
    with connect() as connection, connection.transaction():
        row["bot"] = _bot_id(connection, bot)
        try:
            source = fetch_one(connection, _SQL["add"], **row)["id"]
        except errors.UniqueViolation:
            raise Failure(
                f"there is a {provider} source {name} already", "give it a new secret: carillon sources rotate"
            ) from None
        _store(connection, source, 1, chosen)
    _show(provider, name, chosen, as_json=as_json, generated=not secret, done=f"✓ source {name} may call")


@app.command("list", epilog="Example: carillon sources list --json")
def list_(as_json: AsJson = False) -> None:
    """Show all sources, without their secrets."""
    with connect() as connection:
        sources = fetch(connection, _SQL["list"])
    if as_json:
        print_json(sources)
    else:
        columns = (
            "provider",
            "name",
            "bot",
            "admin_chat_id",
            "timezone",
            "language",
            "field_map",
            "secrets",
            "last_event",
        )
        print_table(sources, columns, "no sources yet; add one: carillon sources add getcourse NAME")


@app.command(epilog="Example: carillon sources rotate school --keep-old-for 7d")
def rotate(
    name: Annotated[str, typer.Argument(help="The source.")],
    provider: Annotated[Provider, typer.Option(help="Who calls.")] = "getcourse",
    secret: Annotated[str, typer.Option(help="A secret of your own; otherwise one is made and shown once.")] = "",
    keep_old_for: Annotated[str, typer.Option(help="How long the old secret still opens the door.")] = "24h",
    as_json: AsJson = False,
) -> None:
    """Give a source a new secret; the old one stays valid for a while. A third replaces the oldest."""
    chosen, keep = _chosen(secret), moments.duration(keep_old_for)
    with connect() as connection, connection.transaction():
        slots = fetch(connection, _SQL["slots"], provider=provider, name=name)
        if not slots:
            raise Failure(f"there is no {provider} source {name}", "look: carillon sources list")
        connection.execute(_SQL["retire"], {"source": slots[0]["source_id"], "keep": keep})
        _store(connection, slots[0]["source_id"], free_slot(slots), chosen)
    done = f"✓ source {name} has a new secret; the old one is valid for {keep_old_for} more"
    _show(provider, name, chosen, as_json=as_json, generated=not secret, done=done)


def free_slot(slots: list[dict[str, Any]]) -> int:
    """Where a new secret goes: an empty slot, else the expired one, else the oldest. `slots` come in that order."""
    taken = {slot["slot"] for slot in slots} - {None}
    return next((slot for slot in (1, 2) if slot not in taken), slots[0]["slot"])


def _chosen(secret: str) -> str:
    if secret and (len(secret) < SHORTEST_SECRET or not secret.isprintable() or " " in secret):
        raise typer.BadParameter(
            f"a secret has at least {SHORTEST_SECRET} characters and no spaces; or leave --secret out"
        )
    return secret or secrets.new_secret()


def _store(connection: Connection, source: int, slot: int, secret: str) -> None:
    connection.execute(_SQL["store_secret"], {"source": source, "slot": slot, "hash": secrets.hash_secret(secret)})


def _bot_id(connection: Connection, name: str) -> int | None:
    if not name:
        return None
    found = fetch(connection, _SQL["bot"], name=name)
    if not found:
        raise Failure(f"there is no bot {name}", "look: carillon bots list")
    return int(found[0]["id"])


def _show(provider: str, name: str, secret: str, *, as_json: bool, generated: bool, done: str) -> None:
    shown = quote(secret, safe="") if generated else "<your secret>"
    path = f"/{provider}/{name}?secret={shown}"
    if as_json:
        print_json({"provider": provider, "name": name, "path": path, **({"secret": secret} if generated else {})})
        return
    say(done)
    say(f"\n  {path}\n", "bold")
    say("Put the address of ingest_webhook in front of it (https://…/ingest_webhook, or where it is deployed).")
    if provider == "getcourse":
        say("In GetCourse: Задачи → Процессы → your process → operation «Вызвать URL», method POST: paste it there.")
        say("Or subscribe the account: POST https://ACCOUNT.getcourse.ru/pl/api/v1/set-uri with this address.")
    if generated:
        say("The secret is shown this once; only its hash is kept. Lost? carillon sources rotate " + name, "yellow")
