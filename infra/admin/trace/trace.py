"""Everything that belongs to a target, in the order of time: from the webhook to the gateway's message id."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.formats import format_duration
from infra.admin.trace import messages
from infra.admin.trace.step import Step
from infra.admin.trace.target import Target
from shared import masking
from shared.database import sql

_SQL = sql.load(__file__)


def trace(connection: Connection, target: Target) -> list[Step]:
    """All steps that belong to the target, without what anybody wrote. Empty when nothing is known of it."""
    events = fetch(connection, _SQL["events"], event=target.event, outbox=target.outbox, correlation=target.correlation)
    notifications = fetch(connection, _SQL["notifications"], events=[e["id"] for e in events])
    handovers = fetch(connection, _SQL["handovers"], number=target.handover)
    ids = [n["outbox_id"] for n in notifications if n["outbox_id"]] + ([target.outbox] if target.outbox else [])
    correlations = {e["correlation_id"] for e in events} | ({target.correlation} if target.correlation else set())
    parameters = {"correlations": sorted(correlations), "handovers": [h["id"] for h in handovers]}
    steps = [
        *(Step(u["received_at"], f"delivery {u['id']} not understood", f"source {u['source']}: {u['reason']}")
          for u in fetch(connection, _SQL["unparsed"], correlation=target.correlation)),
        *(step for e in events for step in _of_event(e)),
        *(Step(a["created_at"], f"account event {a['id']} stored", f"source {a['source']}, {a['event_types']}")
          for a in fetch(connection, _SQL["account_events"], correlation=target.correlation)),
        *(Step(p["created_at"], f"event {p['event'] or '?'} put aside", f"{p['error_class']} at {p['message']}")
          for p in fetch(connection, _SQL["problems"], correlations=sorted(correlations))),
        *(Step(u["last_failed_at"], f"update {u['update_id']} of {u['bot']} failed", _of_update(u))
          for u in fetch(connection, _SQL["failed_updates"], correlation=target.correlation)),
        *(Step(r["started_at"], f"run of {r['function']}", _of_run(r))
          for r in fetch(connection, _SQL["runs"], correlation=target.correlation)),
        *(Step(n["created_at"], f"notification {n['id']}", _of_notification(n)) for n in notifications),
        *(Step(m["created_at"], f"message of {m['desk']} stored", _of_stored(m))
          for m in fetch(connection, _SQL["stored_messages"], outbox=target.outbox, **parameters)),
        *(Step(h["at"], f"handover {h['number']} {h['event']}", _of_handover(h))
          for h in fetch(connection, _SQL["handover_events"], outbox=target.outbox, **parameters)),
        *messages.steps(connection, ids, **parameters),
    ]  # fmt: skip
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


def _of_update(update: dict[str, Any]) -> str:
    fate = "set aside and answered" if update["set_aside_at"] else "Telegram brings it again"
    return f"{update['attempts']} tries, {update['error']}; {fate}"


def _of_run(run: dict[str, Any]) -> str:
    took = format_duration((run["finished_at"] - run["started_at"]).total_seconds())
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in run["report"].items()) + f", took {took}"


def _of_stored(message: dict[str, Any]) -> str:
    sent = f", in outbox row {message['outbox_id']}" if message["outbox_id"] else ""
    return f"by {message['role']}, conversation {message['conversation_id']}{sent}"


def _of_handover(event: dict[str, Any]) -> str:
    by = f", by {masking.mask_name(event['actor'])}" if event["actor"] else ""
    return f"desk {event['desk']}{by}"


def _with_gaps(steps: list[Step]) -> list[Step]:
    before: datetime | None = None
    result = []
    for step in steps:
        gap = (step.at - before).total_seconds() if step.at and before else None
        result.append(replace(step, gap_seconds=gap))
        before = step.at or before
    return result
