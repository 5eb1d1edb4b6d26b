"""What a GetCourse request means (docs/protocols/getcourse.md).

Three senders say the same: a process whose field names an administrator typed, GetCourse's own subscription,
and the n8n flow of before. Each becomes `LessonAnswer`s, `AccountEvent`s or a reason why not.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.ingest_webhook.forwarding import unwrap, without_headers
from functions.ingest_webhook.inbox import MalformedPayload, Unparsed
from functions.ingest_webhook.request import Payload, WebhookRequest, read
from shared.credentials.webhook_sources import Source
from shared.getcourse.fields import FIELDS
from shared.payload.timestamps import parse_timestamp

MAX_ID_LENGTH = 50
MAX_ID = 2**63
MAX_EVENTS_PER_REQUEST = 100

WRAPPED = (
    "unparsed: the fields stand inside another object: let the forwarder send what is in it (n8n: {{ $json.body }})"
)

_IDS = tuple(name for name in FIELDS if name.endswith("_id"))
# What is longer is cut; ids are not, for then they would be others.
_MAX_LENGTHS = {
    "user_email": 255,
    "user_first_name": 255,
    "user_last_name": 255,
    "answer_type": 50,
    "answer_status": 50,
}


@dataclass(frozen=True)
class LessonAnswer:
    """A row of getcourse.webhook_events. A missing `event_date` means: now."""

    event_date: datetime | None
    user_id: str
    user_email: str | None
    user_first_name: str | None
    user_last_name: str | None
    answer_id: str
    answer_training_id: str | None
    answer_lesson_id: str | None
    answer_teacher_id: str | None
    answer_type: str | None
    answer_status: str | None
    answer_text: str | None
    raw_payload: str
    raw_body: bytes | None
    sanitized: bool


@dataclass(frozen=True)
class AccountEvent:
    """A row of getcourse.account_events."""

    event_type: str
    object_id: str
    event_date: datetime | None
    natural_key: str  # SHA-256, hex
    raw_payload: str


Record = LessonAnswer | AccountEvent | Unparsed


def parse(webhook: WebhookRequest, source: Source) -> list[Record]:
    """Everything that a request says, at least one record."""
    try:
        payload = read(unwrap(webhook))
        kept = without_headers(webhook)
        raw = None if payload.lossless else (kept.query_bytes + b"\n" + kept.body).strip(b"\n")
        return [_parse_event(event, payload, source, raw) for event in _events(payload.content)]
    except MalformedPayload as error:
        return [Unparsed.because_of(error)]


def _events(content: Any) -> list[Any]:
    """The events of a body, which is one or a list of them."""
    if not isinstance(content, list):
        return [content]
    if not 0 < len(content) <= MAX_EVENTS_PER_REQUEST:
        raise MalformedPayload(f"a list holds 1 to {MAX_EVENTS_PER_REQUEST} deliveries")
    return content


def _parse_event(event: Any, payload: Payload, source: Source, raw: bytes | None) -> Record:
    if not isinstance(event, dict):
        return Unparsed("a delivery is an object with fields")
    try:
        as_json = json.dumps(event, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return Unparsed("a number is out of range", is_rejected=True)
    event_type = event.get("eventType")
    answer = event.get("answer")
    if isinstance(answer, dict) and event_type in (None, "getcourse/lessonAnswerCreated"):
        fields = _from_subscription(event, answer)
    elif account_event := _account_event(event, as_json, source):
        return account_event
    else:
        if payload.query_fields:
            event = {**payload.query_fields, **event}
            as_json = json.dumps(event, ensure_ascii=False)
        fields = _from_process(event, source.field_map)
        if not (fields.get("user_id") or fields.get("answer_id")) and _has_fields_inside(event, source.field_map):
            return Unparsed(WRAPPED)
    return _lesson_answer(fields, source, as_json, raw, sanitized=payload.sanitized)


def _has_fields_inside(event: Mapping[str, Any], field_map: Mapping[str, object]) -> bool:
    """Whether somebody put the whole delivery into a field of another object."""
    names = {"answer", *_IDS, *map(str, field_map.values())}
    return any(not names.isdisjoint(part) for part in event.values() if isinstance(part, dict))


def _from_subscription(event: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """set-uri: `ts` is local time marked as UTC, `answer.id` is in quotes, there is no e-mail."""
    return {
        "event_date": event.get("ts64"),
        "user_id": answer.get("user_id"),
        "answer_id": str(answer.get("id") or "").strip("'\" "),
        "answer_training_id": answer.get("training_id"),
        "answer_lesson_id": answer.get("lesson_id"),
        "answer_teacher_id": answer.get("lesson_teacher_id"),
        "answer_type": answer.get("type"),
        "answer_status": answer.get("status"),
        "answer_text": answer.get("text"),
    }


def _from_process(event: Mapping[str, Any], field_map: Mapping[str, object]) -> Mapping[str, Any]:
    """«Вызвать URL» and n8n: flat, under the names that the source's field map gives them, else under ours.

    One source may get both while a school moves from n8n to a process.
    """
    if not field_map:
        return event
    return {name: event.get(_name_in(event, field_map.get(name), name)) for name in FIELDS}


def _name_in(event: Mapping[str, Any], theirs: object, ours: str) -> str:
    return theirs if isinstance(theirs, str) and theirs in event else ours


def _lesson_answer(
    fields: Mapping[str, Any], source: Source, as_json: str, raw: bytes | None, *, sanitized: bool
) -> LessonAnswer | Unparsed:
    texts = {name: _text(fields.get(name), _MAX_LENGTHS.get(name)) for name in FIELDS}
    for name in ("user_id", "answer_id"):
        if not texts[name]:
            return Unparsed(_why_missing(name, fields.get(name)))
    for name in _IDS:
        value = fields.get(name)
        if isinstance(value, int) and abs(value) >= MAX_ID:
            return Unparsed(f"{name} is out of range", is_rejected=True)
        if len(texts[name] or "") > MAX_ID_LENGTH:
            return Unparsed(f"{name} is longer than {MAX_ID_LENGTH} characters")
    return LessonAnswer(
        event_date=parse_timestamp(fields.get("event_date"), source.timezone),
        user_id=texts["user_id"] or "",
        user_email=texts["user_email"],
        user_first_name=texts["user_first_name"],
        user_last_name=texts["user_last_name"],
        answer_id=texts["answer_id"] or "",
        answer_training_id=texts["answer_training_id"],
        answer_lesson_id=texts["answer_lesson_id"],
        answer_teacher_id=texts["answer_teacher_id"],
        answer_type=texts["answer_type"],
        answer_status=texts["answer_status"],
        answer_text=texts["answer_text"],
        raw_payload=as_json,
        raw_body=raw,
        sanitized=sanitized,
    )


def _account_event(event: Mapping[str, Any], as_json: str, source: Source) -> AccountEvent | None:
    """Comments, orders, dialogs, calls: anything that GetCourse names itself and is no answer."""
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
    object_id = _text(subject.get("id")) or _text(event.get("dialog_id")) or ""
    fields = {key: value for key, value in event.items() if key != "eventType"}  # twins differ only in this
    return AccountEvent(
        event_type=name[:MAX_ID_LENGTH],
        object_id=object_id[:MAX_ID_LENGTH],
        event_date=parse_timestamp(event.get("ts64") or event.get("created_at"), source.timezone),
        natural_key=hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest(),
        raw_payload=as_json,
    )


def _text(value: Any, max_length: int | None = None) -> str | None:
    """A value as a form would carry it; None for nothing and for a placeholder that nobody filled in."""
    if not isinstance(value, str):  # nearly always it is one
        if value is None or isinstance(value, dict | list):
            return None
        if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
            value = int(value)
    text = str(value).strip()
    return None if not text or _is_placeholder(text) else text[:max_length]


def _is_placeholder(text: str) -> bool:
    return text.startswith("{object.") and text.endswith("}")


def _why_missing(name: str, value: Any) -> str:
    if isinstance(value, str) and _is_placeholder(value.strip()):
        return f"unparsed: GetCourse did not fill in the placeholder of {name}"
    return f"unparsed: {name} is missing (does the source's field map name it?)"
