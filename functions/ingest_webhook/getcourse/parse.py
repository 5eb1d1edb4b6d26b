"""What a GetCourse delivery means (docs/protocols/getcourse.md).

Three senders tell the same story: a process whose field names an administrator typed, GetCourse's own subscription,
and the n8n flow of before. Each becomes `LessonAnswer`s, `AccountEvent`s or a reason why not.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.ingest_webhook import request
from shared.credentials.webhook_sources import Source
from shared.getcourse.fields import FIELDS
from shared.payload.timestamps import parse_timestamp

MAX_ID_LENGTH = 50
MAX_NAME_LENGTH = 255
MAX_ID = 2**63
MAX_EVENTS_PER_REQUEST = 100  # deliveries in one array


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


@dataclass(frozen=True)
class Unparsed:
    """A row of platform.inbox."""

    reason: str
    hostile: bool = False


Record = LessonAnswer | AccountEvent | Unparsed


def parse(delivery: request.WebhookRequest, source: Source) -> list[Record]:
    """Everything that `delivery` says, at least one record."""
    try:
        document = request.read(delivery)
        payloads = _unwrap_n8n_envelope(document.content)
        query = delivery.query.encode("utf-8", "surrogateescape")
        raw = None if document.exact else (query + b"\n" + delivery.body).strip(b"\n")
        return [_parse_one(payload, document, source, raw) for payload in payloads]
    except request.MalformedPayload as unreadable:
        return [Unparsed(str(unreadable), hostile=isinstance(unreadable, request.RejectedPayload))]


def rejection_reason(records: list[Record]) -> str | None:
    """Why the caller is told 400 although everything was stored, or None."""
    return next((r.reason for r in records if isinstance(r, Unparsed) and r.hostile), None)


def _unwrap_n8n_envelope(content: Any) -> list[Any]:
    """n8n wraps a body as `{"json": …}`, alone or in a list; one list holds several deliveries."""
    if isinstance(content, dict) and len(content) == 1 and isinstance(content.get("json"), dict | list):
        return _unwrap_n8n_envelope(content["json"])
    if not isinstance(content, list):
        return [content]
    payloads = [
        payload for one in content for payload in (_unwrap_n8n_envelope(one) if isinstance(one, dict) else [one])
    ]
    if not 0 < len(payloads) <= MAX_EVENTS_PER_REQUEST:
        raise request.MalformedPayload(f"a list holds 1 to {MAX_EVENTS_PER_REQUEST} deliveries")
    return payloads


def _parse_one(payload: Any, document: request.Payload, source: Source, raw: bytes | None) -> Record:
    if not isinstance(payload, dict):
        return Unparsed("a delivery is an object with fields")
    try:
        as_json = json.dumps(payload, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return Unparsed("a number is out of range", hostile=True)
    event_type = payload.get("eventType")
    answer = payload.get("answer")
    if isinstance(answer, dict) and event_type in (None, "getcourse/lessonAnswerCreated"):
        values = _from_subscription(payload, answer)
    elif account_event := _account_event(payload, as_json, source):
        return account_event
    else:
        if document.beside:
            payload = {**document.beside, **payload}
            as_json = json.dumps(payload, ensure_ascii=False)
        values = _from_process(payload, source.field_map)
    return _lesson_answer(values, source, as_json, raw, sanitized=document.sanitized)


def _from_subscription(payload: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """set-uri: `ts` is local time dressed as UTC and `answer.id` wears quotes; there is no e-mail."""
    return {
        "event_date": payload.get("ts64"),
        "user_id": answer.get("user_id"),
        "answer_id": str(answer.get("id") or "").strip("'\" "),
        "answer_training_id": answer.get("training_id"),
        "answer_lesson_id": answer.get("lesson_id"),
        "answer_teacher_id": answer.get("lesson_teacher_id"),
        "answer_type": answer.get("type"),
        "answer_status": answer.get("status"),
        "answer_text": answer.get("text"),
    }


def _from_process(payload: Mapping[str, Any], field_map: Mapping[str, object]) -> dict[str, Any]:
    """«Вызвать URL» and n8n: flat, under the names that the source's field map gives them, else under ours.

    One source hears of an answer in both ways while a school moves from n8n to a process.
    """
    return {ours: payload.get(_name_in(payload, field_map.get(ours), ours)) for ours in FIELDS}


def _name_in(payload: Mapping[str, Any], theirs: object, ours: str) -> str:
    return theirs if isinstance(theirs, str) and theirs in payload else ours


def _lesson_answer(
    values: Mapping[str, Any], source: Source, as_json: str, raw: bytes | None, *, sanitized: bool
) -> LessonAnswer | Unparsed:
    texts = {name: _text(values.get(name)) for name in FIELDS}
    for name in ("user_id", "answer_id"):
        if not texts[name]:
            return Unparsed(_why_missing(name, values.get(name)))
    for name in FIELDS:
        value = values.get(name)
        if name.endswith("_id") and isinstance(value, int) and abs(value) >= MAX_ID:
            return Unparsed(f"{name} is out of range", hostile=True)
        if name.endswith("_id") and len(texts[name] or "") > MAX_ID_LENGTH:
            return Unparsed(f"{name} is longer than {MAX_ID_LENGTH} characters")
    return LessonAnswer(
        event_date=parse_timestamp(values.get("event_date"), source.timezone),
        user_id=texts["user_id"] or "",
        user_email=_short(texts["user_email"], MAX_NAME_LENGTH),
        user_first_name=_short(texts["user_first_name"], MAX_NAME_LENGTH),
        user_last_name=_short(texts["user_last_name"], MAX_NAME_LENGTH),
        answer_id=texts["answer_id"] or "",
        answer_training_id=texts["answer_training_id"],
        answer_lesson_id=texts["answer_lesson_id"],
        answer_teacher_id=texts["answer_teacher_id"],
        answer_type=_short(texts["answer_type"], MAX_ID_LENGTH),
        answer_status=_short(texts["answer_status"], MAX_ID_LENGTH),
        answer_text=texts["answer_text"],
        raw_payload=as_json,
        raw_body=raw,
        sanitized=sanitized,
    )


def _account_event(payload: Mapping[str, Any], as_json: str, source: Source) -> AccountEvent | None:
    """Comments, orders, dialogs, calls: anything that GetCourse names itself and is no answer."""
    event_type = payload.get("eventType")
    if isinstance(event_type, str) and event_type.startswith("getcourse/"):
        name = event_type.removeprefix("getcourse/")
    elif "dialog_id" in payload and "event_id" in payload:
        name = f"dialog{payload['event_id']}"
    elif payload.get("type") == "call":
        name = "call"
    else:
        return None
    inner = next((payload[key] for key in ("comment", "deal", "answer") if isinstance(payload.get(key), dict)), payload)
    object_id = _text(inner.get("id")) or _text(payload.get("dialog_id")) or ""
    said = {key: value for key, value in payload.items() if key != "eventType"}  # twins differ only in this
    return AccountEvent(
        event_type=name[:MAX_ID_LENGTH],
        object_id=object_id[:MAX_ID_LENGTH],
        event_date=parse_timestamp(payload.get("ts64") or payload.get("created_at"), source.timezone),
        natural_key=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        raw_payload=as_json,
    )


def _text(value: Any) -> str | None:
    """A value as a person would write it; nothing for nothing and for a placeholder that nobody filled in."""
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    text = str(value).strip()
    return None if not text or _is_placeholder(text) else text


def _is_placeholder(text: str) -> bool:
    return text.startswith("{object.") and text.endswith("}")


def _why_missing(name: str, value: Any) -> str:
    if isinstance(value, str) and _is_placeholder(value.strip()):
        return f"unparsed: GetCourse did not fill in the placeholder of {name}"
    return f"unparsed: {name} is missing (does the source's field map name it?)"


def _short(text: str | None, length: int) -> str | None:
    return text[:length] if text else None
