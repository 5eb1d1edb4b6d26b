"""Everything else that a GetCourse account tells: kept, not acted on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.ingest_webhook.getcourse.natural_key import account_event_key
from functions.ingest_webhook.getcourse.values import text
from shared.credentials.webhook_sources import Source
from shared.i18n.shorten import shorten
from shared.payload.timestamps import parse_timestamp

MAX_LENGTH = 50  # of the name of an event and of the id of what it is about; longer ones are cut


@dataclass(frozen=True)
class AccountEvent:
    """A row of getcourse.account_events."""

    event_type: str
    object_id: str
    event_date: datetime | None
    natural_key: str  # SHA-256, hex
    raw_payload: str
    sanitized: bool


def account_event(
    event: Mapping[str, Any], original: Mapping[str, Any], as_json: str, source: Source
) -> AccountEvent | None:
    """Comments, orders, dialogs, calls: anything that GetCourse names itself and is no answer; None for the rest.

    `event` is `original` with marks for what cannot be kept, and `as_json` the same as text.
    """
    event_type = event.get("eventType")
    if isinstance(event_type, str) and event_type.startswith("getcourse/"):
        name = event_type.removeprefix("getcourse/")
    elif "dialog_id" in event and "event_id" in event:
        name = f"dialog{event['event_id']}"
    elif event.get("type") == "call":
        name = "call"
    else:
        return None
    subject = next((event[key] for key in ("comment", "deal", "answer") if isinstance(event.get(key), dict)), event)
    object_id = text(subject.get("id")) or text(event.get("dialog_id")) or ""
    return AccountEvent(
        event_type=shorten(name, MAX_LENGTH),
        object_id=shorten(object_id, MAX_LENGTH),
        event_date=parse_timestamp(event.get("ts64") or event.get("created_at"), source.timezone),
        natural_key=account_event_key(original),
        raw_payload=as_json,
        sanitized=original is not event or len(name) > MAX_LENGTH or len(object_id) > MAX_LENGTH,
    )
