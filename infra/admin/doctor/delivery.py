"""Doctor: the outbox. Each check returns findings and changes nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.doctor.finding import Finding, Status
from infra.admin.formats import format_duration
from shared.database import sql
from shared.delivery.chat_states import STATES

SLOW_SECONDS, STUCK_SECONDS = 120, 900  # how long a due message may wait
LONG_SECONDS, ENDLESS_SECONDS = 300, 3600  # how long a transaction may take

_GROUP_STEPS = {
    "topics_off": "switch on Topics in the group's settings",
    "no_right_to_topics": "give the bot the right to manage topics",
    "no_right_to_write": "make the bot an administrator, or let members write",
    "no_right_to_files": "make the bot an administrator, or let members send media",
    "not_administrator": "make the bot an administrator with the right to manage topics",
    "closed_topic": "open the topic, or give the bot the right to manage topics",
    "removed_from_group": "add the bot to the group and make it an administrator",
    "group_not_found": "correct the group's id, or add the bot to it",
    "group_deleted": "make another group, and set it in the settings",
}
_FIRST_STEPS = {
    **_GROUP_STEPS,
    "file_not_fetched": "see that its address can be opened",
    "file_too_big": "have it sent as a link",
    "blocked": "they have to press Start again",
    "chat_not_found": "correct the chat's id, or have them write first",
    "undeliverable": "see that the number is in WhatsApp",
    "window_closed": "they have to write first",
    "no_whatsapp": "see that the number is in WhatsApp",
    "not_allowed": "connect a real number instead of the test number",
    "account_refused": "mend the account in WhatsApp Manager",
    "exhausted": "see why their channel was away for hours",
    "poison": "report the row to the developers",
}

_SQL = sql.load(__file__)


def overdue(connection: Connection) -> list[Finding]:
    """How long the oldest due message waits."""
    rows = fetch(connection, _SQL["overdue"])
    if not rows:
        return [Finding("ok", "outbox", "nothing is due")]
    row = rows[0]
    level = _level(row["age"], SLOW_SECONDS, STUCK_SECONDS)
    age = format_duration(row["age"])
    if level == "ok":
        return [Finding("ok", "outbox", f"the oldest due message has waited {age}")]
    what = f"outbox row {row['id']} ({row['kind']}) of bot {row['bot']} is due and has waited {age}"
    step = f"see that dispatch_notifications is called every minute; look: carillon trace outbox:{row['id']}"
    return [Finding(level, "outbox", what, step)]


def pauses(connection: Connection) -> list[Finding]:
    """Bots and chats that have to rest for more than a minute, because a gateway said so (429)."""
    return [
        Finding(
            "warning",
            "pauses",
            f"{_resting(row)} has to rest until {row['until'].astimezone(UTC):%H:%M} UTC; messages that wait: "
            f"{row['messages']}",
            "nothing: it was written to too fast, and what waits goes out by itself then",
            row["bot"],
        )
        for row in fetch(connection, _SQL["pauses"])
    ] or [Finding("ok", "pauses", "nobody has to rest")]


def _resting(row: Mapping[str, Any]) -> str:
    return f"{row['chat']} of bot {row['bot']}" if row["chat"] else f"bot {row['bot']}"


def dead_letters(connection: Connection) -> list[Finding]:
    """What failed for good, or perhaps did not, in the last day."""
    return [_dead_letter(**row) for row in fetch(connection, _SQL["dead_letters"])] or [
        Finding("ok", "dead letters", "none in the last 24 hours")
    ]


def _dead_letter(state: str, error_class: str | None, messages: int) -> Finding:
    what = f"{messages} became {state} in the last 24 hours: {error_class or 'without a class'}"
    which = f"--class {error_class}" if error_class else f"--state {state}"
    if state == "unknown":
        first, then = "ask whether they arrived", "if not"
    else:
        first, then = _FIRST_STEPS.get(error_class or "", f"look: carillon outbox list {which} --since 7d"), "then"
    return Finding("warning", "dead letters", what, f"{first}; {then}: carillon outbox redrive {which} --since 7d")


def stopped(connection: Connection) -> list[Finding]:
    """Bots that are paused or refused, and hold messages back."""
    return [
        Finding(
            "problem" if row["status"] == "auth_failed" else "warning",
            "outbox",
            f"{row['messages']} messages wait for bot {row['bot']}, which is {row['status']}",
            f"carillon bots check {row['bot']}, or give them up: carillon outbox cancel --bot {row['bot']}",
        )
        for row in fetch(connection, _SQL["stopped"])
    ]


def groups(connection: Connection) -> list[Finding]:
    """Groups whose settings or rights hold messages back."""
    rows = fetch(connection, _SQL["groups"], states=list(STATES))
    return [
        Finding(
            "problem",
            "groups",
            f"{row['messages']} messages wait for {format_duration(row['age'])} for group {row['name']}"
            f" of bot {row['bot']}: {row['state'].replace('_', ' ')}",
            f"{_GROUP_STEPS[row['state']]}; what waits goes out by itself within a minute or two",
        )
        for row in rows
    ] or [Finding("ok", "groups", "all take what is sent to them")]


def blocked_chats(connection: Connection) -> list[Finding]:
    """Chats that cannot be written to. That is their right, and no problem."""
    row = fetch_one(connection, _SQL["blocked_chats"])
    finding = f"{row['chats']} cannot be written to until they come back" if row["chats"] else "all can be written to"
    return [Finding("ok", "chats", finding)]


def transaction(
    connection: Connection, long_seconds: float = LONG_SECONDS, endless_seconds: float = ENDLESS_SECONDS
) -> list[Finding]:
    """Whether somebody forgot to end a transaction: dead rows stay, and every poll of the queue gets slower."""
    rows = fetch(connection, _SQL["transaction"])
    level = _level(rows[0]["age"], long_seconds, endless_seconds) if rows else "ok"
    if level == "ok":
        return [Finding("ok", "transactions", "none is old")]
    row = rows[0]
    age = format_duration(row["age"])
    what = f"{row['usename']} (process {row['pid']}) has one open for {age}; it slows the outbox down"
    return [Finding(level, "transactions", what, f"end it there, or: select pg_terminate_backend({row['pid']})")]


def _level(seconds: float, warning: float, problem: float) -> Status:
    return "ok" if seconds < warning else "warning" if seconds < problem else "problem"


ALL: tuple[Callable[[Connection], list[Finding]], ...] = (
    overdue,
    pauses,
    stopped,
    groups,
    dead_letters,
    blocked_chats,
    transaction,
)
