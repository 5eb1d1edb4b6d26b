"""One event's whole life, from the webhook to Telegram's message id."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.formats import format_duration
from shared.database import sql

_TARGET = re.compile(r"(event|outbox):(\d{1,18})|([\w-]{8,64})")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Target:
    """What is traced: an event, an outbox row or a correlation id. One of them is given."""

    event: int | None = None
    outbox: int | None = None
    correlation: str | None = None


@dataclass(frozen=True)
class Step:
    """Something that happened. `at` is None for what has not happened yet; `gap_seconds` is since the step before."""

    at: datetime | None
    what: str
    detail: str
    gap_seconds: float | None = None


def parse_target(text: str) -> Target:
    """What `event:12`, `outbox:7` or a correlation id names. Raises ValueError."""
    form = _TARGET.fullmatch(text.strip())
    if not form:
        raise ValueError("write event:12, outbox:7 or a correlation id")
    number = int(form[2]) if form[2] else None
    return Target(number if form[1] == "event" else None, number if form[1] == "outbox" else None, form[3])


def trace(connection: Connection, target: Target) -> list[Step]:
    """All steps that belong to the target, in the order of time. Empty when nothing is known of it."""
    events = fetch(connection, _SQL["events"], event=target.event, outbox=target.outbox, correlation=target.correlation)
    notifications = fetch(connection, _SQL["notifications"], events=[e["id"] for e in events])
    messages = fetch(
        connection,
        _SQL["messages"],
        ids=[n["outbox_id"] for n in notifications if n["outbox_id"]] + ([target.outbox] if target.outbox else []),
        correlations=[e["correlation_id"] for e in events] + ([target.correlation] if target.correlation else []),
    )
    attempts = fetch(connection, _SQL["attempts"], ids=[m["id"] for m in messages])
    unparsed = fetch(connection, _SQL["unparsed"], correlation=target.correlation)
    steps = [
        *(
            Step(u["received_at"], f"delivery {u['id']} not understood", f"source {u['source']}: {u['reason']}")
            for u in unparsed
        ),
        *(step for e in events for step in _of_event(e)),
        *(Step(n["created_at"], f"notification {n['id']}", _of_notification(n)) for n in notifications),
        *(step for m in messages for step in _of_message(m, [a for a in attempts if a["outbox_id"] == m["id"]])),
    ]
    return _with_gaps(sorted(steps, key=lambda step: (step.at is None, step.at)))


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


def _with_gaps(steps: list[Step]) -> list[Step]:
    before: datetime | None = None
    result = []
    for step in steps:
        gap = (step.at - before).total_seconds() if step.at and before else None
        result.append(replace(step, gap_seconds=gap))
        before = step.at or before
    return result
