"""Attempts that nobody claimed, for rules that need no database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from functions.dispatch_notifications.outbox.attempt import Attempt

_FIRST_TRY = Attempt(
    id=1,
    attempt_id=UUID(int=1),
    attempt=1,
    bot_id=1,
    lane="700000301",
    chat="700000301",
    chat_id=700_000_301,
    recipient=None,
    kind="getcourse/answer",
    method="sendMessage",
    payload={"text": "text"},
    policy="at_least_once",
    topic=None,
    thread_id=None,
    guard=None,
    as_text=False,
    last_error=None,
    correlation_id="c" * 32,
    send_started_at=datetime(2026, 1, 1, tzinfo=UTC),
    expired=False,
    taken_over=False,
    may_be_duplicate=False,
    blocked=None,
    pace=1.05,
    wait=0.0,
)


def attempt(**fields: Any) -> Attempt:
    """The first try to send a text, unless told otherwise."""
    return _FIRST_TRY._replace(**fields)
