"""What `carillon doctor` looks at. Each check answers findings and changes nothing."""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import functions
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.formats import format_duration
from infra.admin.probes.telegram import call
from infra.admin.probes.whatsapp import UNCHECKABLE, state
from infra.cli import db
from infra.local.postgres import OLDEST_VERSION
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.errors import ConfigError

Level = Literal["ok", "warning", "problem"]

PERIODS = {
    "dispatch_notifications": 60,
    "answer_conversations": 60,
    "handover_reminder_sweep": 60,
    "remind_deadlines": 900,
    "housekeeping": 86400,
}  # seconds between the ticks of each scheduled function
MISSED_TICKS = 3
SLOW_SECONDS, STUCK_SECONDS = 120, 900  # how old the oldest due work may be
MANY_UPDATES = 100
NEEDS_WEBHOOK = ("courses", "salon", "support")

_WHY_WAITING = {
    "unknown_student": "import the students: carillon people import students.csv --table students",
    "no_mentor": "map the students to mentors: carillon people import mapping.csv --table mapping",
    "mentor_without_telegram": "give the mentors a telegram_id: carillon people import mentors.csv --table mentors",
    "no_bot": "add one: carillon bots add NAME --system getcourse",
}
_WHOSE = (
    "give it a client: carillon support add-client NAME --source {source}; "
    "or its client an account: carillon support settings CLIENT --whatsapp-bot BOT"
)
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    check: str
    finding: str
    next_step: str = ""


def server(connection: Connection) -> Finding:
    """Whether the server is new enough."""
    version = connection.info.server_version
    if version < OLDEST_VERSION:
        return Finding("problem", "database", f"Postgres {version // 10000} is too old", "use Postgres 15 or newer")
    return Finding("ok", "database", f"Postgres {version // 10000} answers")


def migrations(connection: Connection) -> Finding:
    """Whether the schema is this checkout's."""
    from migrations import runner  # noqa: PLC0415 - Alembic takes a third of a second

    now, newest = db.revision(connection), runner.head()
    if now != newest:
        return Finding(
            "problem", "migrations", f"the schema is at {now or 'nothing'}, not at {newest}", "run: carillon db upgrade"
        )
    return Finding("ok", "migrations", f"the schema is at {newest}, the newest")


def roles(connection: Connection) -> list[Finding]:
    """Whether each function has its role."""
    wanted = [f"fn_{module.name}" for module in pkgutil.iter_modules(functions.__path__) if module.ispkg]
    there = {row["rolname"] for row in fetch(connection, _SQL["roles"], names=wanted)}
    if missing := [name for name in wanted if name not in there]:
        return [Finding("problem", "roles", f"missing: {', '.join(missing)}", "run: carillon db upgrade")]
    return [Finding("ok", "roles", f"{len(wanted)} functions have theirs")]


def sources(connection: Connection) -> list[Finding]:
    """Whether each source has a secret that opens, and a bot that speaks."""
    rows = fetch(connection, _SQL["sources"])
    if not rows:
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
        )
    if not row["bot"]:
        step = _WHY_WAITING["no_bot"] if row["provider"] != "whatsapp" else _WHOSE.format(source=row["name"])
        yield Finding("problem", "sources", f"{name} has no bot to speak with", step)
    if row["secrets"] and row["bot"]:
        yield Finding("ok", "sources", f"{name} has {row['secrets']} secret(s) and speaks with bot {row['bot']}")


def events(connection: Connection) -> list[Finding]:
    """How old the oldest due event is."""
    seconds = fetch_one(connection, _SQL["events"])["age"]
    if seconds is None:
        return [Finding("ok", "events", "nothing is due")]
    level: Level = "ok" if seconds < SLOW_SECONDS else "warning" if seconds < STUCK_SECONDS else "problem"
    step = "" if level == "ok" else "see that dispatch_notifications is called every minute"
    return [Finding(level, "events", f"the oldest due event has waited {format_duration(seconds)}", step)]


def backlog(connection: Connection) -> list[Finding]:
    """Events that nobody can be told of yet, by reason."""
    return [
        Finding(
            "warning", "backlog", f"{row['events']} events wait: {row['reason']}", _WHY_WAITING.get(row["reason"], "")
        )
        for row in fetch(connection, _SQL["backlog"])
    ]


def unparsed(connection: Connection) -> list[Finding]:
    """Deliveries that nobody understood."""
    number = fetch_one(connection, _SQL["unparsed"])["deliveries"]
    if not number:
        return [Finding("ok", "unparsed", "every delivery was understood")]
    look = "see why: select * from platform.v_unparsed; then: carillon replay --since 7d"
    return [Finding("warning", "unparsed", f"{number} deliveries were not understood", look)]


def runs(connection: Connection) -> list[Finding]:
    """Whether the scheduler calls."""
    last = {row["function"]: row["age"] for row in fetch(connection, _SQL["runs"])}
    return [_run(name, last.get(name), period) for name, period in PERIODS.items()]


def _run(name: str, age: float | None, period: int) -> Finding:
    step = f"see that the scheduler calls {name} every {period} s with CRON_SECRET"
    if age is None:
        return Finding("warning", "last run", f"{name} has never run", step)
    if age > MISSED_TICKS * period:
        return Finding("problem", "last run", f"{name} ran {format_duration(age)} ago", step)
    return Finding("ok", "last run", f"{name} ran {format_duration(age)} ago")


def bots(connection: Connection, *, offline: bool) -> list[Finding]:
    """Whether SECRETS_KEY opens each token, and whether Telegram or the gateway takes it."""
    rows = fetch(connection, _SQL["bots"])
    if not rows:
        return [Finding("warning", "bots", "there are none", _WHY_WAITING["no_bot"])]
    return [_bot(row, offline=offline) for row in rows]


def _bot(row: dict[str, Any], *, offline: bool) -> Finding:
    name = row["name"]
    try:
        token = secrets.unseal(config.load().secrets_key, row["token_sealed"], token_associated_data(name))
        if row["status"] == "auth_failed":
            step = f"run: carillon bots check {name}; if it does not help: carillon bots add {name} with a new token"
            return Finding("problem", "bots", f"{name} was refused and is parked", step)
        if row["status"] == "paused":
            return Finding("warning", "bots", f"{name} is paused", "its messages wait until its status is active")
        if offline:
            return Finding("ok", "bots", f"{name}: SECRETS_KEY opens its token (nobody was asked)")
        if row["channel"] != "telegram":
            known = state(Account(row["channel"], token, row["address"]))
            return Finding("ok", "bots", f"{name}: {known or UNCHECKABLE}")
        username = call(token, "getMe").get("username")
        return _webhook(row, username, call(token, "getWebhookInfo"))
    except ConfigError as error:
        cause, _, step = str(error).partition(": ")
        return Finding("problem", "bots", f"{name}: {cause}", step)
    except AdminError as failure:
        return Finding("problem", "bots", f"{name}: {failure.cause}", failure.next_step)


def _webhook(row: dict[str, Any], username: str, info: dict[str, Any]) -> Finding:
    who = f"{row['name']} is @{username}"
    fix = f"run: carillon bots set-webhook {row['name']} --url https://…"
    if not info.get("url"):
        if row["system"] in NEEDS_WEBHOOK:
            return Finding("warning", "bots", f"{who}, but hears nothing: no webhook", fix)
        return Finding("ok", "bots", f"{who} and sends (no webhook)")
    if info.get("pending_update_count", 0) >= MANY_UPDATES:
        return Finding(
            "warning",
            "bots",
            f"{who}, but {info['pending_update_count']} updates wait at Telegram",
            "see that telegram_webhook answers",
        )
    return Finding("ok", "bots", f"{who}, its webhook is set")


IN_THE_DATABASE: tuple[Callable[[Connection], list[Finding]], ...] = (roles, sources, events, backlog, unparsed, runs)
