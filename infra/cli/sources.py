"""`carillon sources`: who may call our webhooks. Only the hash of a secret is kept."""

from dataclasses import replace
from typing import Annotated

import typer

from infra.admin import sources
from infra.admin.corrections.sources import find
from infra.admin.database import connect
from infra.admin.sources import Address, Gateway, Language, NewSource, Provider, parse_field_map
from infra.cli.corrections import sources as corrections
from infra.cli.corrections.sources import ProviderOption, read_signing_secret
from infra.cli.options import chats, stdin, times
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, MaxRows, print_json, print_page, say
from infra.cli.source_addresses import show

app = typer.Typer(help="The webhook sources: add them, list them, correct them.", no_args_is_help=True)
app.command("settings", epilog=corrections.SETTINGS_EXAMPLES)(corrections.settings)
app.command("pause", epilog=corrections.PAUSE_EXAMPLES)(corrections.pause)
app.command("resume", epilog=corrections.RESUME_EXAMPLES)(corrections.resume)
app.command("remove", epilog=corrections.REMOVE_EXAMPLES)(corrections.remove)

GatewayOption = Annotated[Gateway | None, typer.Option("--gateway", help="WhatsApp: the gateway whose webhooks come.")]
SigningSecret = Annotated[
    bool,
    typer.Option(
        "--signing-secret-stdin",
        help="Read from standard input what the gateway signs with: the Cloud API's app secret, Evolution's jwt_key.",
    ),
]
SecretByStdin = Annotated[
    bool,
    typer.Option(
        "--secret-stdin",
        help="Read a secret of your own from standard input, before a signing secret. Otherwise one is made.",
    ),
]
SecretArgument = Annotated[str, typer.Option("--secret", hidden=True)]  # its former way, for one release
Timezone = Annotated[str, typer.Option(callback=times.timezone, help="The zone of times without an offset.")]
Link = Annotated[
    str,
    typer.Option(help="The address behind the button: https://…/{answer_id}, {user_id}, {lesson_id} or {training_id}."),
]
Collapse = Annotated[
    int | None,
    typer.Option(min=0, max=3600, help="Gather one student's answers for so many seconds, 3 when left out."),
]


@app.command(
    epilog="Examples: carillon sources add getcourse school --map answer_text=text --admin-chat -1001234567890, "
    "carillon sources add whatsapp desk --gateway whatsapp_cloud --signing-secret-stdin < app_secret.txt, "
    "carillon sources add yclients echo --tenant aurora"
)
def add(  # noqa: PLR0913 - each is an option
    provider: Annotated[Provider, typer.Argument(help="The system that calls.")],
    name: Annotated[str, typer.Argument(help="Your name for it, part of the address: a-z, 0-9, - and _.")],
    secret_stdin: SecretByStdin = False,
    secret: SecretArgument = "",
    maps: Annotated[
        list[str], typer.Option("--map", metavar="FIELD=THEIRS", help="What they call our field FIELD.")
    ] = [],  # noqa: B006
    admin_chat: Annotated[
        int | None,
        typer.Option(parser=chats.chat, metavar="CHAT_ID", help="The chat that hears of answers without a mentor."),
    ] = None,
    timezone: Timezone = "Europe/Moscow",
    bot: Annotated[str, typer.Option(help="The bot that speaks; otherwise the system's first.")] = "",
    link: Link = "",
    collapse: Collapse = None,
    language: Annotated[Language, typer.Option(help="The language of the messages.")] = "ru",
    gateway: GatewayOption = None,
    signing_secret_stdin: SigningSecret = False,
    tenant: Annotated[str, typer.Option(help="YClients: the salon's slug or id.")] = "",
    as_json: AsJson = False,
) -> None:
    """Let a provider in. Shows what to paste into its settings."""
    with usage_errors():
        source = NewSource(
            provider, name, gateway, parse_field_map(maps), admin_chat, link, collapse, tenant, timezone, language, bot
        )
        sources.check(source)
        sources.check_signing(gateway, given=signing_secret_stdin)
        own = stdin.chosen("--secret", secret, by_stdin=secret_stdin)
        chosen = sources.secret_or_new(own)
        if signing_secret_stdin:
            source = replace(source, signing_secret_sealed=read_signing_secret(name))
    with connect() as connection:
        sources.add(connection, source, chosen)
    address = Address(provider, gateway, name, chosen, generated=not own)
    show(address, as_json=as_json, done=f"✓ source {name} may call")


@app.command("list", epilog="Example: carillon sources list --json")
def list_(limit: MaxRows = 50, as_json: AsJson = False) -> None:
    """Show the sources, without their secrets, and when each was last heard of."""
    with connect() as connection:
        rows = sources.list_all(connection)
    if as_json:
        print_json(rows)
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
            "paused_at",
        )
        print_page(rows, columns, "no sources yet; add one: carillon sources add getcourse NAME", limit)


@app.command(epilog="Example: carillon sources rotate school --keep-old-for 7d")
def rotate(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(help="The source.")],
    provider: ProviderOption = None,
    secret_stdin: SecretByStdin = False,
    secret: SecretArgument = "",
    keep_old_for: Annotated[str, typer.Option(help="How long the old secret stays valid.")] = "24h",
    signing_secret_stdin: SigningSecret = False,
    as_json: AsJson = False,
) -> None:
    """Give a source a new secret; the old one stays valid for a while. A third replaces the oldest.

    With --signing-secret-stdin what its gateway signs with is replaced instead, at once.
    """
    with usage_errors():
        own = stdin.chosen("--secret", secret, by_stdin=secret_stdin)
        chosen, keep = sources.secret_or_new(own), times.duration(keep_old_for)
    with connect() as connection:
        source = find(connection, name, provider)
        gateway, provider = source["gateway"], source["provider"]
        if signing_secret_stdin:
            with usage_errors():
                sources.check_signing(gateway, given=True)
                sealed = read_signing_secret(name)
            sources.replace_signing_secret(connection, provider, name, sealed)
            _say_signed(provider, name, as_json=as_json)
            return
        sources.rotate(connection, provider, name, chosen, keep)
    done = f"✓ source {name} has a new secret; the old one is valid for {keep_old_for} more"
    address = Address(provider, gateway, name, chosen, generated=not own)
    show(address, as_json=as_json, done=done)


def _say_signed(provider: str, name: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"provider": provider, "name": name})
    else:
        say(f"✓ {name}: what its gateway signs with the new secret is taken, and nothing else")
