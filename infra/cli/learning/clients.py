"""`carillon learning add-client`, `clients` and `rotate`: who may call. Only the hash of a token is kept."""

import re
from typing import Annotated, Any

import typer
from psycopg import errors

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import times
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.sources import free_slot
from shared.credentials import secrets
from shared.database import sql

ADD_EXAMPLES = (
    "Examples: carillon learning add-client backend, carillon learning add-client app --public --daily-tokens 200000"
)
LIST_EXAMPLES = "Example: carillon learning clients --json"
ROTATE_EXAMPLES = "Example: carillon learning rotate app --keep-old-for 1d"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
MIN_BUDGET, MAX_BUDGET = 2_000, 10**15  # a call takes 1,500 tokens for its reply, and those of its prompt

ClientArgument = Annotated[str, typer.Argument(metavar="NAME", help="The client.")]

_SQL = sql.load(__file__)


def add_client(
    name: Annotated[str, typer.Argument(help="Your name for it: a-z, 0-9, - and _.")],
    public: Annotated[
        bool, typer.Option("--public", help="Its token is in a browser or an app: it must name a device.")
    ] = False,
    daily_tokens: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MAX_BUDGET,
            help="Of the language model, per day (UTC); 0: replies of other agents are stored, and no model is called. "
            "As many as it needs when left out.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let a front end or another system in. Shows its bearer token, once."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter("a client's name is made of a-z, 0-9, - and _")
    refuse_useless(daily_tokens)
    token = secrets.new_secret()
    with connect() as connection, connection.transaction():
        try:
            added = fetch_one(connection, _SQL["add"], name=name, public=public, daily_tokens=daily_tokens)
        except errors.UniqueViolation:
            raise AdminError(
                f"there is a client {name} already", f"give it a new token: carillon learning rotate {name}"
            ) from None
        _store(connection, added["id"], 1, token)
    _show(name, token, f"✓ client {name} may call", as_json=as_json)
    if public and not as_json:
        say("Its calls name a device in the header X-Device-Id; CORS_ORIGINS names the pages that may call.")


def clients(as_json: AsJson = False) -> None:
    """Show all clients and what they used today, without their tokens."""
    with connect() as connection:
        rows = fetch(connection, _SQL["list"])
    if as_json:
        print_json(rows)
    else:
        columns = ("name", "public", "active", "daily_tokens", "tokens_today", "calls_today", "valid_tokens", "created")
        print_table(rows, columns, "no clients yet; add one: carillon learning add-client NAME")


def rotate(
    name: ClientArgument,
    keep_old_for: Annotated[str, typer.Option(help="How long the old token still opens the door.")] = "24h",
    as_json: AsJson = False,
) -> None:
    """Give a client a new token; the old one stays valid for a while. A third replaces the oldest."""
    keep, token = times.duration(keep_old_for), secrets.new_secret()
    with connect() as connection, connection.transaction():
        client = find(connection, name)["id"]
        slots = fetch(connection, _SQL["slots"], client=client)
        connection.execute(_SQL["retire"], {"client": client, "keep": keep})
        _store(connection, client, free_slot(slots), token)
    done = f"✓ client {name} has a new token; the old one is valid for {keep_old_for} more"
    _show(name, token, done, as_json=as_json)


def find(connection: Connection, name: str) -> dict[str, Any]:
    """The client that is called so, locked. Raises Failure."""
    found = fetch(connection, _SQL["named"], name=name)
    if not found:
        known = ", ".join(row["name"] for row in fetch(connection, _SQL["names"]))
        next_step = f"there are: {known}" if known else "add one: carillon learning add-client NAME"
        raise AdminError(f"there is no client {name}", next_step)
    return found[0]


def refuse_useless(daily_tokens: int | None) -> None:
    """Raises typer.BadParameter for a budget into which no call fits."""
    if daily_tokens is not None and 0 < daily_tokens < MIN_BUDGET:
        raise typer.BadParameter(
            f"no call fits into {daily_tokens} tokens a day: give {MIN_BUDGET} at least, or 0 for no model at all"
        )


def _store(connection: Connection, client: int, slot: int, token: str) -> None:
    connection.execute(_SQL["store_token"], {"client": client, "slot": slot, "hash": secrets.hash_secret(token)})


def _show(name: str, token: str, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, "token": token})
        return
    say(done)
    say(f"\n  Authorization: Bearer {token}\n", "bold")
    say("Each call of agent_reply and learning_api carries this header.")
    say(f"The token is shown this once; only its hash is kept. Lost? carillon learning rotate {name}", "yellow")
