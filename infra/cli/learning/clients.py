"""`carillon learning add-client`, `clients` and `rotate`: who may call."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.learning import clients as api_clients
from infra.admin.learning.clients import MAX_BUDGET
from infra.cli.options import times
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, print_json, print_table, say
from shared.learning.limits import device_tokens

ADD_EXAMPLES = (
    "Examples: carillon learning add-client backend, carillon learning add-client app --public --daily-tokens 5000000"
)
LIST_EXAMPLES = "Example: carillon learning clients --json"
ROTATE_EXAMPLES = "Example: carillon learning rotate app --keep-old-for 1d"
COLUMNS = ("name", "public", "active", "daily_tokens", "tokens_today", "calls_today", "valid_tokens", "created")

ClientArgument = Annotated[str, typer.Argument(metavar="NAME", help="The client.")]


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
            "A public client must have a budget; another has as many as it needs when this is left out.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let a front end or another system in. Shows its bearer token, once."""
    with usage_errors():
        api_clients.check(name, daily_tokens, public=public)
    with connect() as connection:
        token = api_clients.add(connection, name, public=public, daily_tokens=daily_tokens)
    _show(name, token, f"✓ client {name} may call", as_json=as_json)
    if public and not as_json:
        say("Its calls name a device in the header X-Device-Id; CORS_ORIGINS names the pages that may call.")
        say(f"A device has up to {device_tokens(daily_tokens)} tokens a day of its budget.")


def clients(as_json: AsJson = False) -> None:
    """Show all clients and what they used today, without their tokens."""
    with connect() as connection:
        rows = api_clients.list_all(connection)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS, "no clients yet; add one: carillon learning add-client NAME")


def rotate(
    name: ClientArgument,
    keep_old_for: Annotated[str, typer.Option(help="How long the old token stays valid.")] = "24h",
    as_json: AsJson = False,
) -> None:
    """Give a client a new token; the old one stays valid for a while. A third replaces the oldest."""
    keep = times.duration(keep_old_for)
    with connect() as connection:
        token = api_clients.rotate(connection, name, keep)
    done = f"✓ client {name} has a new token; the old one is valid for {keep_old_for} more"
    _show(name, token, done, as_json=as_json)


def _show(name: str, token: str, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, "token": token})
        return
    say(done)
    say(f"\n  Authorization: Bearer {token}\n", "bold")
    say("Each call of agent_reply and learning_api carries this header.")
    say(f"The token is shown this once; only its hash is kept. Lost? carillon learning rotate {name}", "yellow")
