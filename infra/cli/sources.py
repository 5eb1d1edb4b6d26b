"""`carillon sources`: who may call our webhooks. Only the hash of a secret is kept."""

import re
import sys
import uuid
from typing import Annotated, Any, Literal

import typer
from psycopg import errors
from psycopg.types.json import Jsonb

from functions.ingest_webhook.getcourse.parse import FIELDS
from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import times
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.source_addresses import Address, show
from shared import config
from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from shared.database import sql

app = typer.Typer(help="The webhook sources: add, list, rotate their secrets.", no_args_is_help=True)

Provider = Literal["getcourse", "whatsapp", "yclients"]
Gateway = Literal["chatflow", "evolution", "whatsapp_cloud"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
TENANT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MIN_SECRET = 24
SIGNING = ("evolution", "whatsapp_cloud")
SIGNING_SECRET = re.compile(r"[!-~]{8,500}")
COLLAPSE_SECONDS = 3

GatewayOption = Annotated[Gateway | None, typer.Option("--gateway", help="WhatsApp: whose webhooks come.")]
SigningSecret = Annotated[
    bool,
    typer.Option(
        "--signing-secret-stdin",
        help="Read from standard input what the gateway signs with: the Cloud API's app secret, Evolution's jwt_key.",
    ),
]
Timezone = Annotated[str, typer.Option(callback=times.timezone, help="Of times without an offset.")]
Link = Annotated[
    str, typer.Option(help="Of the button: https://…/{answer_id}; also {user_id} {lesson_id} {training_id}.")
]
Collapse = Annotated[
    int | None,
    typer.Option(min=0, max=3600, help="Gather one student's answers for so many seconds, 3 when left out."),
]

_SQL = sql.load(__file__)


def field_map(pairs: list[str]) -> dict[str, str]:
    """FIELD=THEIRS pairs as a mapping. Raises typer.BadParameter."""
    mapping = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if not equals or not theirs.strip():
            raise typer.BadParameter("--map reads FIELD=THEIRS, for example --map answer_text=text")
        if ours not in FIELDS:
            raise typer.BadParameter(f"--map knows the fields {', '.join(FIELDS)}")
        mapping[ours] = theirs.strip()
    return mapping


@app.command(
    epilog="Examples: carillon sources add getcourse school --map answer_text=text --admin-chat -1001234567890, "
    "carillon sources add whatsapp desk --gateway whatsapp_cloud --signing-secret-stdin < app_secret.txt, "
    "carillon sources add yclients echo --tenant 6f1c2a70-0000-4000-8000-000000000001"
)
def add(  # noqa: PLR0913 - each is an option
    provider: Annotated[Provider, typer.Argument(help="Who calls.")],
    name: Annotated[str, typer.Argument(help="Your name for it, part of the address: a-z, 0-9, - and _.")],
    secret: Annotated[str, typer.Option(help="A secret of your own; otherwise one is made and shown once.")] = "",
    maps: Annotated[list[str], typer.Option("--map", metavar="FIELD=THEIRS", help="How they call our field.")] = [],  # noqa: B006
    admin_chat: Annotated[int | None, typer.Option(help="The chat that hears of answers without a mentor.")] = None,
    timezone: Timezone = "Europe/Moscow",
    bot: Annotated[str, typer.Option(help="The bot that speaks; otherwise the system's first.")] = "",
    link: Link = "",
    collapse: Collapse = None,
    language: Annotated[Literal["ru", "en"], typer.Option(help="Of the messages.")] = "ru",
    gateway: GatewayOption = None,
    signing_secret_stdin: SigningSecret = False,
    tenant: Annotated[str, typer.Option(help="YClients: the salon, its id in tenants_v2.")] = "",
    as_json: AsJson = False,
) -> None:
    """Let a provider in. Shows what to paste into its settings."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter("a source's name is made of a-z, 0-9, - and _")
    of_getcourse = {"--map": maps, "--link": link, "--admin-chat": admin_chat, "--collapse": collapse}
    _check(provider, gateway, of_getcourse, tenant)
    row = {
        "provider": provider, "name": name, "field_map": Jsonb(_known_fields(maps, tenant)), "admin_chat": admin_chat,
        "timezone": timezone, "link": link or None, "collapse": COLLAPSE_SECONDS if collapse is None else collapse,
        "language": language, "gateway": gateway, "signing": _signing(name, gateway, given=signing_secret_stdin),
    }  # fmt: skip
    chosen = _chosen(secret)
    with connect() as connection, connection.transaction():
        row["bot"] = _bot_id(connection, bot)
        try:
            source = fetch_one(connection, _SQL["add"], **row)["id"]
        except errors.UniqueViolation:
            raise AdminError(
                f"there is a {provider} source {name} already",
                f"give it a new secret: carillon sources rotate {name} --provider {provider}",
            ) from None
        _store(connection, source, 1, chosen)
    address = Address(provider, gateway, name, chosen, generated=not secret)
    show(address, as_json=as_json, done=f"✓ source {name} may call")


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
            "gateway",
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
    signing_secret_stdin: SigningSecret = False,
    as_json: AsJson = False,
) -> None:
    """Give a source a new secret; the old one stays valid for a while. A third replaces the oldest.

    With --signing-secret-stdin what its gateway signs with is replaced instead, at once.
    """
    chosen, keep = _chosen(secret), times.duration(keep_old_for)
    with connect() as connection, connection.transaction():
        slots = fetch(connection, _SQL["slots"], provider=provider, name=name)
        if not slots:
            raise AdminError(f"there is no {provider} source {name}", "look: carillon sources list")
        if signing_secret_stdin:
            sealed = _signing(name, slots[0]["gateway"], given=True)
            connection.execute(_SQL["store_signing_secret"], {"source": slots[0]["source_id"], "sealed": sealed})
            _say_signed(provider, name, as_json=as_json)
            return
        connection.execute(_SQL["retire"], {"source": slots[0]["source_id"], "keep": keep})
        _store(connection, slots[0]["source_id"], free_slot(slots), chosen)
    done = f"✓ source {name} has a new secret; the old one is valid for {keep_old_for} more"
    address = Address(provider, slots[0]["gateway"], name, chosen, generated=not secret)
    show(address, as_json=as_json, done=done)


def _say_signed(provider: str, name: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"provider": provider, "name": name})
    else:
        say(f"✓ {name}: what its gateway signs with the new secret is taken, and nothing else")


def free_slot(slots: list[dict[str, Any]]) -> int:
    """Where a new secret goes: an empty slot, else the expired one, else the oldest. `slots` come in that order."""
    taken = {slot["slot"] for slot in slots} - {None}
    return next((slot for slot in (1, 2) if slot not in taken), slots[0]["slot"])


def _chosen(secret: str) -> str:
    if secret and (len(secret) < MIN_SECRET or not secret.isprintable() or " " in secret):
        raise typer.BadParameter(f"a secret has at least {MIN_SECRET} characters and no spaces; or leave --secret out")
    return secret or secrets.new_secret()


def _store(connection: Connection, source: int, slot: int, secret: str) -> None:
    connection.execute(_SQL["store_secret"], {"source": source, "slot": slot, "hash": secrets.hash_secret(secret)})


def _bot_id(connection: Connection, name: str) -> int | None:
    if not name:
        return None
    found = fetch(connection, _SQL["bot"], name=name)
    if not found:
        raise AdminError(f"there is no bot {name}", "look: carillon bots list")
    return int(found[0]["id"])


def _known_fields(maps: list[str], tenant: str) -> dict[str, str]:
    """What the door knows of a source beside its name: fields of GetCourse, or whose records YClients tells of."""
    return {"tenant_id": str(uuid.UUID(tenant))} if tenant else field_map(maps)


def _check(provider: str, gateway: str | None, of_getcourse: dict[str, Any], tenant: str) -> None:
    """Raises typer.BadParameter when options do not belong to the provider."""
    if provider == "whatsapp" and not gateway:
        raise typer.BadParameter("a WhatsApp source needs --gateway: chatflow, evolution or whatsapp_cloud")
    if provider != "whatsapp" and gateway:
        raise typer.BadParameter("--gateway is of WhatsApp sources: carillon sources add whatsapp NAME --gateway …")
    if (provider == "yclients") != bool(tenant):
        raise typer.BadParameter(
            "--tenant, the id of a salon in tenants_v2, belongs to YClients sources, and they need it"
        )
    if tenant and not TENANT.fullmatch(tenant):
        raise typer.BadParameter("--tenant is the id of a salon in tenants_v2, a UUID")
    given = [option for option, value in of_getcourse.items() if value not in (None, "", [])]
    if provider != "getcourse" and given:
        raise typer.BadParameter(f"{', '.join(given)}: of GetCourse sources; leave it out")
    if of_getcourse["--link"] and not re.fullmatch(r"https?://[^\s]+", of_getcourse["--link"]):
        raise typer.BadParameter("--link is an address that begins with https://")


def _signing(name: str, gateway: str | None, *, given: bool) -> bytes | None:
    """What the gateway signs with, sealed; None when it signs nothing. Raises typer.BadParameter."""
    if not given:
        if gateway == "whatsapp_cloud":
            raise typer.BadParameter(
                "the Cloud API signs with your app's secret (App settings → Basic): give it by --signing-secret-stdin"
            )
        return None
    if gateway not in SIGNING:
        raise typer.BadParameter(f"--signing-secret-stdin is of the gateways that sign: {', '.join(SIGNING)}")
    value = sys.stdin.readline().strip()
    if not SIGNING_SECRET.fullmatch(value):
        raise typer.BadParameter("that is no signing secret: at least 8 characters, no spaces, no letters but Latin")
    return secrets.seal(config.load().secrets_key, value, signing_secret_associated_data(name))
