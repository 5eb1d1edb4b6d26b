"""Doctor: the database, sources and events. Each check returns findings and changes nothing."""

import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import functions
from infra.admin import schema
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.doctor.bots import ADD_BOT
from infra.admin.doctor.finding import Finding, Status
from infra.admin.formats import format_duration
from infra.local.postgres import MIN_VERSION
from shared.database import sql
from shared.payload import timezones

SLOW_SECONDS, STUCK_SECONDS = 120, 900  # how old the oldest due work may be
_STEPS = {
    "unknown_student": "import the students: carillon people import students.csv --table students",
    "no_mentor": "map the students to mentors: carillon people import mapping.csv --table mapping",
    "mentor_without_telegram": "give the mentors a telegram_id: carillon people import mentors.csv --table mentors",
    "no_bot": ADD_BOT,
}
_BOT_FOR_WHATSAPP = (
    "give it a client: carillon support add-client NAME --source {source}; "
    "or its client an account: carillon support settings CLIENT --whatsapp-bot BOT"
)
_CLOSE = (
    "run in the database: alter table public.{table} enable row level security; revoke insert, update, delete, "
    "truncate, references, trigger on public.{table} from anon, authenticated"
)
_SQL = sql.load(__file__)


def be_brief(connection: Connection) -> None:
    """Let nothing in this transaction wait for what somebody else holds."""
    connection.execute(_SQL["be_brief"])


def server(connection: Connection) -> Finding:
    """Whether the server is new enough."""
    version = connection.info.server_version
    if version < MIN_VERSION:
        return Finding("problem", "database", f"Postgres {version // 10000} is too old", "use Postgres 15 or newer")
    return Finding("ok", "database", f"Postgres {version // 10000} answers")


def migrations(connection: Connection) -> Finding:
    """Whether the schema is this checkout's."""
    now, newest = schema.revision(connection), schema.newest()
    if now != newest:
        return Finding(
            "problem", "migrations", f"the schema is at {now or 'nothing'}, not at {newest}", "run: carillon db upgrade"
        )
    return Finding("ok", "migrations", f"the schema is at {newest}, the newest")


def roles(connection: Connection) -> list[Finding]:
    """Whether each function has its role."""
    wanted = [f"fn_{module.name}" for module in pkgutil.iter_modules(functions.__path__) if module.ispkg]
    existing = {row["rolname"] for row in fetch(connection, _SQL["roles"], names=wanted)}
    if missing := [name for name in wanted if name not in existing]:
        return [Finding("problem", "roles", f"missing: {', '.join(missing)}", "run: carillon db upgrade")]
    return [Finding("ok", "roles", f"{len(wanted)} functions have theirs")]


def exposed(connection: Connection) -> list[Finding]:
    """Our own tables in `public` that others may read or change: PostgREST serves them to whoever has a public key."""
    return [
        Finding(
            "problem",
            "database",
            f"our table public.{row['name']} is open to {row['roles']}",
            "run: carillon db upgrade, which closes it again"
            if row["name"] == "carillon_version"
            else _CLOSE.format(table=row["name"]),
        )
        for row in fetch(connection, _SQL["exposed"])
    ]


def sources(connection: Connection) -> list[Finding]:
    """Whether each source has a valid secret, and a bot to send with."""
    rows = fetch(connection, _SQL["sources"])
    if not rows and fetch_one(connection, _SQL["wants_source"])["wanted"]:
        return [Finding("warning", "sources", "there are none", "add one: carillon sources add getcourse NAME")]
    return [finding for row in rows for finding in _source(row)]


def _source(row: dict[str, Any]) -> Iterator[Finding]:
    name = f"{row['provider']}/{row['name']}"
    if not row["secrets"]:
        yield Finding(
            "problem",
            "sources",
            f"{name} has no valid secret",
            f"run: carillon sources rotate {row['name']} --provider {row['provider']}",
            name,
        )
    if not row["bot"]:
        step = _BOT_FOR_WHATSAPP.format(source=row["name"]) if row["provider"] == "whatsapp" else ADD_BOT
        yield Finding("problem", "sources", f"{name} has no bot to speak with", step, name)
    if row["unknown_zone"] is not None:
        yield Finding(
            "problem",
            "sources",
            f"{name} has an unknown time zone, {row['unknown_zone']!r}; {timezones.OF_SOURCES} stands in for it",
            f"run: carillon sources settings {row['name']} --timezone {timezones.OF_SOURCES}, or whichever is theirs",
            name,
        )
    if row["secrets"] and row["bot"]:
        message = f"{name} has {row['secrets']} secret(s) and speaks with bot {row['bot']}"
        yield Finding("ok", "sources", message, subject=name)


def events(connection: Connection) -> list[Finding]:
    """How old the oldest due event is."""
    seconds = fetch_one(connection, _SQL["events"])["age"]
    if seconds is None:
        return [Finding("ok", "events", "nothing is due")]
    status: Status = "ok" if seconds < SLOW_SECONDS else "warning" if seconds < STUCK_SECONDS else "problem"
    step = "" if status == "ok" else "see that dispatch_notifications is called every minute"
    return [Finding(status, "events", f"the oldest due event has waited {format_duration(seconds)}", step)]


def backlog(connection: Connection) -> list[Finding]:
    """Events that cannot be sent to a mentor yet, by reason."""
    return [
        Finding("warning", "backlog", f"{row['events']} events wait: {row['reason']}", _STEPS.get(row["reason"], ""))
        for row in fetch(connection, _SQL["backlog"])
    ]


ALL: tuple[Callable[[Connection], list[Finding]], ...] = (roles, exposed, sources, events, backlog)
