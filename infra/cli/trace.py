"""`carillon trace`: one event's whole life, from the webhook to Telegram's message id."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer

from infra.admin.database import Connection, connect, fetch
from infra.admin.errors import AdminError
from infra.admin.formats import format_duration
from infra.cli.output import AsJson, print_json, print_table
from shared.database import sql

EXAMPLES = "Examples: carillon trace event:12, carillon trace outbox:7, carillon trace 4f0c9a1e…"
_TARGET = re.compile(r"(event|outbox):(\d{1,18})|([\w-]{8,64})")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Step:
    """Something that happened. `at` is None for what has not happened yet."""

    at: datetime | None
    what: str
    detail: str


def trace(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="event:ID, outbox:ID, or a correlation id from the logs.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show one event's whole life: stored, processed, notified, sent, with times and gaps."""
    form = _TARGET.fullmatch(what.strip())
    if not form:
        raise typer.BadParameter("write event:12, outbox:7 or a correlation id")
    number = int(form[2]) if form[2] else None
    with connect() as connection:
        steps = life(
            connection,
            event=number if form[1] == "event" else None,
            outbox=number if form[1] == "outbox" else None,
            correlation=form[3],
        )
    if not steps:
        raise AdminError(
            f"nothing is known of {what}", "look: carillon outbox list, or take a correlation id from the logs"
        )
    rows = _with_gaps(steps)
    if as_json:
        print_json(rows)
    else:
        print_table([{**row, "gap": _gap(row["gap_seconds"])} for row in rows], ("at", "gap", "what", "detail"), "")


def life(connection: Connection, *, event: int | None, outbox: int | None, correlation: str | None) -> list[Step]:
    """All steps that belong to the event, the outbox row or the correlation id, in the order of time."""
    events = fetch(connection, _SQL["events"], event=event, outbox=outbox, correlation=correlation)
    notifications = fetch(connection, _SQL["notifications"], events=[e["id"] for e in events])
    messages = fetch(
        connection,
        _SQL["messages"],
        ids=[n["outbox_id"] for n in notifications if n["outbox_id"]] + ([outbox] if outbox else []),
        correlations=[e["correlation_id"] for e in events] + ([correlation] if correlation else []),
    )
    attempts = fetch(connection, _SQL["attempts"], ids=[m["id"] for m in messages])
    unread = fetch(connection, _SQL["unread"], correlation=correlation)
    steps = [
        *(
            Step(u["received_at"], f"delivery {u['id']} not understood", f"source {u['source']}: {u['reason']}")
            for u in unread
        ),
        *(step for e in events for step in _of_event(e)),
        *(Step(n["created_at"], f"notification {n['id']}", _of_notification(n)) for n in notifications),
        *(step for m in messages for step in _of_message(m, [a for a in attempts if a["outbox_id"] == m["id"]])),
    ]
    return sorted(steps, key=lambda step: (step.at is None, step.at))


def _of_event(event: dict[str, Any]) -> Iterator[Step]:
    name = f"event {event['id']}"
    origin = f"source {event['source'] or 'by hand'}, answer {event['answer_id']}"
    yield Step(event["created_at"], f"{name} stored", f"{origin}, correlation {event['correlation_id']}")
    if event["processed"]:
        yield Step(event["processed_at"], f"{name} processed", "the mentors responsible then were found")
    else:
        reason = event["error_message"] or "not looked at yet"
        yield Step(
            None,
            f"{name} waits",
            f"{reason}; looked at {event['attempts']} times, next {event['next_attempt_at']:%H:%M:%S} UTC",
        )


def _of_notification(notification: dict[str, Any]) -> str:
    return (f"{notification['type']} for mentor {notification['mentor_id']}, {notification['status']},"
            f" in outbox row {notification['outbox_id']}")  # fmt: skip


def _of_message(message: dict[str, Any], attempts: list[dict[str, Any]]) -> Iterator[Step]:
    name = f"outbox {message['id']}"
    yield Step(
        message["created_at"], f"{name} queued", f"{message['kind']} by bot {message['bot']}, lane {message['lane']}"
    )
    for number, attempt in enumerate(attempts, 1):
        took = format_duration((attempt["ended_at"] - attempt["started_at"]).total_seconds())
        status = f", HTTP {attempt['http_status']}" if attempt["http_status"] else ""
        wait = f", wait {attempt['retry_after']:.0f} s" if attempt["retry_after"] else ""
        yield Step(
            attempt["started_at"], f"{name} attempt {number}", f"{attempt['outcome']}{status}{wait}, took {took}"
        )
    doubt = "; a copy may have arrived" if message["maybe_duplicate"] else ""
    if message["state"] == "sent":
        yield Step(message["finished_at"], f"{name} sent", f"Telegram message {message['message_id']}{doubt}")
    else:
        yield Step(
            message["finished_at"],
            f"{name} {message['state']}",
            f"{message['error_class'] or 'waits for its turn'}{doubt}",
        )


def _with_gaps(steps: list[Step]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before: datetime | None = None
    for step in steps:
        gap = (step.at - before).total_seconds() if step.at and before else None
        rows.append({"at": step.at, "gap_seconds": gap, "what": step.what, "detail": step.detail})
        before = step.at or before
    return rows


def _gap(seconds: float | None) -> str:
    return "" if seconds is None else f"+{format_duration(seconds)}"
