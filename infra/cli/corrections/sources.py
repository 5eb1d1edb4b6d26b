"""`carillon sources settings`, `pause`, `resume` and `remove`."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from infra.admin import replay as admin_replay
from infra.admin.corrections import sources as corrections
from infra.admin.database import connect
from infra.admin.inbox import deliveries
from infra.admin.sources import Gateway, Language, Provider, parse_field_map, seal_signing_secret
from infra.cli.options import chats, times
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, ask, logs_beside, print_json, print_table, say
from shared import config

SETTINGS_EXAMPLES = (
    "Examples: carillon sources settings school, "
    "carillon sources settings school --map answer_text=otvet --admin-chat -1001234567890, "
    "carillon sources settings echo --tenant aurora, "
    "carillon sources settings school --redact '$..phone' --redact '$.user.email'"
)
PAUSE_EXAMPLES = "Example: carillon sources pause school"
RESUME_EXAMPLES = "Example: carillon sources resume school"
REMOVE_EXAMPLES = "Example: carillon sources remove scool"
REMOVED = {"admin_chat_id": chats.NO_CHAT, "link_template": "none", "bot": "none"}  # what is typed to take it back

SourceArgument = Annotated[str, typer.Argument(metavar="NAME", help="The source.")]
ProviderOption = Annotated[
    Provider | None, typer.Option("--provider", help="The system that calls, where two have a source of this name.")
]
_SHOWN: Mapping[str, Mapping[str, str]] = {
    "getcourse": {
        "field_map": "--map", "admin_chat_id": "--admin-chat", "timezone": "--timezone", "bot": "--bot",
        "link_template": "--link", "collapse_seconds": "--collapse", "language": "--language", "redact": "--redact",
    },
    "whatsapp": {"gateway": "--gateway", "timezone": "--timezone"},
    "yclients": {"tenant": "--tenant", "timezone": "--timezone"},
}  # fmt: skip


Maps = Annotated[
    list[str],
    typer.Option("--map", metavar="FIELD=THEIRS", help="What they call our field FIELD; FIELD= takes it back."),
]
AdminChat = Annotated[
    int | None,
    typer.Option(
        parser=chats.chat_or_none, metavar="CHAT_ID", help="The chat that hears of answers without a mentor, or none."
    ),
]
Timezone = Annotated[
    str | None, typer.Option(callback=times.timezone_if_given, help="The zone of times without an offset.")
]
Bot = Annotated[str | None, typer.Option(help="The bot that speaks, or none: the system's first.")]
Link = Annotated[str | None, typer.Option(help="The address of the button, or none.")]
Collapse = Annotated[
    int | None, typer.Option(min=0, max=3600, help="Gather one student's answers for so many seconds.")
]
Redact = Annotated[
    list[str],
    typer.Option(
        metavar="PATH", help="What housekeeping replaces in raw payloads after a day: $..phone; none: nothing."
    ),
]
SigningSecret = Annotated[
    bool, typer.Option("--signing-secret-stdin", help="Read from standard input what the new gateway signs with.")
]


def settings(  # noqa: PLR0913 - each is an option
    name: SourceArgument,
    provider: ProviderOption = None,
    maps: Maps = [],  # noqa: B006
    admin_chat: AdminChat = None,
    timezone: Timezone = None,
    bot: Bot = None,
    link: Link = None,
    collapse: Collapse = None,
    language: Annotated[Language | None, typer.Option(help="The language of the messages.")] = None,
    gateway: Annotated[Gateway | None, typer.Option(help="WhatsApp: the gateway whose webhooks come.")] = None,
    signing_secret_stdin: SigningSecret = False,
    tenant: Annotated[str | None, typer.Option(help="YClients: the salon's slug or id.")] = None,
    redact: Redact = [],  # noqa: B006
    as_json: AsJson = False,
) -> None:
    """Show a source's settings, or change those that are given. Functions use them within seconds.

    What could not be read before is read by the new ones with `carillon inbox replay`.
    """
    given: dict[str, Any] = {
        "admin_chat_id": admin_chat, "timezone": timezone, "bot": bot, "link_template": link,
        "collapse_seconds": collapse, "language": language, "gateway": gateway, "tenant": tenant,
    }  # fmt: skip
    given = {
        column: None if value == REMOVED.get(column) else value for column, value in given.items() if value is not None
    }
    with usage_errors():
        if maps:
            given["maps"] = parse_field_map(maps, may_be_empty=True)
        if signing_secret_stdin:
            given["signing_secret_sealed"] = read_signing_secret(name)
    if redact:
        _redact(name, provider, redact, as_json=as_json)
    _show_or_change(name, provider, given, as_json=as_json)


def _redact(name: str, provider: Provider | None, paths: list[str], *, as_json: bool) -> None:
    paths = [] if paths == ["none"] else paths
    with connect() as connection, usage_errors():
        source = corrections.find(connection, name, provider)["id"]
        newest = corrections.redact(connection, source, paths)
    if paths and not as_json:
        found = f"{newest['changed']} of the newest {newest['payloads']} payloads have one"
        say(f"✓ housekeeping redacts these parts a day after they came; {found}")


def _show_or_change(name: str, provider: Provider | None, given: Mapping[str, Any], *, as_json: bool) -> None:
    with connect() as connection, usage_errors():
        source = corrections.find(connection, name, provider)["id"]
        row = corrections.change(connection, source, given) if given else corrections.read(connection, source)
    shown = {**row, "tenant": row["field_map"].get(corrections.TENANT)}
    shown["redact"] = list(row["redact"])
    lines = {option: shown[column] for column, option in _SHOWN[row["provider"]].items()}
    if as_json:
        print_json({"provider": row["provider"], "name": name, **{o.strip("-"): value for o, value in lines.items()}})
        return
    print_table([{"option": option, "value": value} for option, value in lines.items()], ("option", "value"), "")
    if given:
        say(f"✓ source {name} has these settings")


def pause(name: SourceArgument, provider: ProviderOption = None) -> None:
    """Keep what a source brings unread until it is resumed. It is answered as ever, and nothing is lost."""
    with connect() as connection:
        source = corrections.find(connection, name, provider)
        paused = corrections.pause(connection, source["id"])
    say(f"✓ source {name} is paused: what comes is kept unread" if paused else f"source {name} was paused already")
    say(f"  → read it and go on: carillon sources resume {name}")


def resume(name: SourceArgument, provider: ProviderOption = None) -> None:
    """Read a paused source again, what came meanwhile first."""
    with connect() as connection:
        source = corrections.find(connection, name, provider)
        resumed = corrections.resume(connection, source["id"])
        kept = deliveries.kept_while_paused(connection, source["id"])
    say(f"✓ source {name} is read again" if resumed else f"source {name} was not paused")
    if kept:
        with logs_beside():
            done = admin_replay.replay_deliveries(config.load(names=admin_replay.SETTINGS), kept)
        say(f"✓ of what came meanwhile {done.parsed} deliveries were read, {done.unparsed} could not be")
        if done.unparsed:
            say(f"  → see why: carillon inbox list --source {name}")


def remove(
    name: SourceArgument,
    provider: ProviderOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a source that was added by mistake: one that no client has and nothing came from. Asks first."""
    with connect() as connection:
        source = corrections.find(connection, name, provider)
        if not yes:
            ask(f"The {source['provider']} source {name} and its secrets will be gone. Go on?")
        corrections.remove(connection, source)
    say(f"✓ source {name} is removed; its address answers nobody any more")


def read_signing_secret(name: str) -> bytes:
    """The signing secret of source `name` on standard input, sealed. Raises ValueError."""
    return seal_signing_secret(name, sys.stdin.readline().strip())
