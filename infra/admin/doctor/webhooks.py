"""Doctor: what callers sent that was refused or not understood. Each check returns findings and changes nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.ingest_webhook.inbox import PAUSED
from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.formats import format_count
from shared.database import sql

MAX_COUNTED = 1000  # deliveries of one source for one reason
_WEBHOOK_BASE64 = (
    'turn "Webhook Base64" off in Evolution (files are fetched by their id; on Lambda, where 6 MB arrive at most, it '
    "has to be off), and subscribe only to the events that carillon sources add names"
)
_LESS = "let the sender send less in one call; the limits: docs/systems"
_STEPS: Mapping[tuple[int, str], str] = {
    (400, "Not Readable"): "see what it sent: carillon inbox list",
    (400, "Incomplete"): "the caller, or a proxy before us, broke off: see its log and its time-out",
    (405, "Method Not Allowed"): "let the caller use POST (GetCourse may use GET)",
    (408, "Too Slow"): "the caller's line is slow, or a proxy before us holds bodies back: see its log",
    (413, "Too Large"): _LESS,
    (415, "Unsupported Encoding"): "let the caller, or a proxy before us, send bodies without Content-Encoding",
}
_SQL = sql.load(__file__)


def refused(connection: Connection) -> list[Finding]:
    """Requests of sources that were refused since yesterday, by source and reason."""
    rows = fetch(connection, _SQL["refused"])
    return [_refused(row) for row in rows] or [
        Finding("ok", "refused", "no source's request was refused since yesterday")
    ]


def _refused(row: Mapping[str, Any]) -> Finding:
    step = _STEPS.get((row["status"], row["reason"]), "see the function's log")
    if row["status"] == 413 and row["gateway"] == "evolution":
        step = _WEBHOOK_BASE64
    times = "once" if row["count"] == 1 else f"{row['count']} times"
    answer = f"{row['status']} {row['reason']}"
    finding = f"{row['source']} was refused {times} since yesterday: {answer}, last at {row['last_at']:%m-%d %H:%M} UTC"
    return Finding("warning", "refused", finding, step, row["source"])


def unparsed(connection: Connection) -> list[Finding]:
    """Deliveries that could not be parsed, or came to no client, by source and reason."""
    rows = fetch(connection, _SQL["unparsed"], paused=PAUSED.reason, most=MAX_COUNTED + 1)
    return [_unparsed(row) for row in rows] or [Finding("ok", "unparsed", "every delivery was understood")]


def _unparsed(row: Mapping[str, Any]) -> Finding:
    source, name = row["source"], row["name"]
    deliveries = format_count(row["deliveries"], MAX_COUNTED)
    message = f"{source}: {deliveries} deliveries were not understood: {row['reason']}"
    step = (
        f"see: carillon inbox list --source {name}; mend the cause, then: carillon replay --since 7d --source {name}; "
        "if nobody needs them: carillon inbox dismiss"
    )
    if row["reason"] == PAUSED.reason:
        message = f"{source} is or was paused: {deliveries} deliveries wait unread"
        step = f"go on: carillon sources resume {name} --provider {row['provider']}"
    return Finding("warning", "unparsed", message, step, source)


def set_aside(connection: Connection) -> list[Finding]:
    """Updates of Telegram that failed again and again since yesterday, and were answered so that the bot goes on."""
    return [
        Finding(
            "warning",
            "updates",
            f"{row['updates']} of bot {row['bot']} failed and were set aside since yesterday: {row['error']}",
            f"report that to the developers; look: carillon trace {row['correlation_id']}; once it is mended: "
            f"carillon inbox replay-updates {row['bot']}",
            row["bot"],
        )
        for row in fetch(connection, _SQL["set_aside"])
    ]


ALL: tuple[Callable[[Connection], list[Finding]], ...] = (refused, unparsed, set_aside)
