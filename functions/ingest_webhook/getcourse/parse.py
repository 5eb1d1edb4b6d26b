"""What a GetCourse request means (docs/protocols/getcourse.md).

Three senders say the same: a process whose field names an administrator typed, GetCourse's own subscription,
and the n8n flow of before. Each becomes `LessonAnswer`s, `AccountEvent`s or a reason why not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from functions.ingest_webhook import secret_fields
from functions.ingest_webhook.forwarding import unwrap
from functions.ingest_webhook.getcourse.account_event import AccountEvent, account_event
from functions.ingest_webhook.getcourse.natural_key import answer_key
from functions.ingest_webhook.getcourse.values import is_placeholder, text
from functions.ingest_webhook.inbox import MalformedPayload, Unparsed
from functions.ingest_webhook.request import Payload, WebhookRequest, read
from shared.credentials.webhook_sources import Source
from shared.getcourse.fields import FIELDS, MAX_STATUS
from shared.i18n.shorten import shorten
from shared.payload.timestamps import parse_timestamp

MAX_ID_LENGTH = 50
MAX_ID = 2**63
MAX_EVENTS_PER_REQUEST = 100

WRAPPED = (
    "unparsed: the fields stand inside another object: let the forwarder send what is in it (n8n: {{ $json.body }})"
)

_IDS = tuple(name for name in FIELDS if name.endswith("_id"))
_KEY = ("answer_id", "answer_status", "answer_text")  # an answer is the same while these are
# What is longer is cut; ids are not, for then they would be others.
_MAX_LENGTHS = {
    "user_email": 255,
    "user_first_name": 255,
    "user_last_name": 255,
    "answer_type": 50,
    "answer_status": MAX_STATUS,
}


@dataclass(frozen=True)
class LessonAnswer:
    """A row of getcourse.webhook_events. A missing `event_date` means: now.

    `sanitized`: something in it was replaced or cut. `answer_key` (hex) tells answers apart that differ only in what
    was replaced by a mark; most have none.
    """

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
    answer_key: str | None


Record = LessonAnswer | AccountEvent | Unparsed


def parse(webhook: WebhookRequest, source: Source) -> list[Record]:
    """Everything that a request says, at least one record. The bytes of several are kept with the first."""
    try:
        payload = read(unwrap(webhook))
        events, originals = _events(payload.content), _events(payload.original)
    except MalformedPayload as error:
        return [Unparsed.because_of(error)]
    raw = None if payload.lossless else (webhook.query_bytes + b"\n" + webhook.body).strip(b"\n")
    first, *others = zip(events, originals, strict=True)
    records = [
        _parse_event(*first, payload, source, raw),
        *(_parse_event(*event, payload, source, None) for event in others),
    ]
    if secret_fields.may_be_in(webhook.query_bytes) or secret_fields.may_be_in(webhook.body):
        return [_without_secrets(record) for record in records]
    return records


def _without_secrets(record: Record) -> Record:
    """The record as it may be kept; its key is of what came."""
    if isinstance(record, Unparsed):
        return record
    kept = secret_fields.without_secrets(record.raw_payload.encode()).decode()
    if isinstance(record, AccountEvent):
        return replace(record, raw_payload=kept)
    raw = None if record.raw_body is None else secret_fields.without_secrets(record.raw_body)
    return replace(record, raw_payload=kept, raw_body=raw)


def _events(content: Any) -> list[Any]:
    """The events of a body, which is one or a list of them."""
    if not isinstance(content, list):
        return [content]
    if not 0 < len(content) <= MAX_EVENTS_PER_REQUEST:
        raise MalformedPayload(f"a list holds 1 to {MAX_EVENTS_PER_REQUEST} deliveries")
    return content


def _parse_event(event: Any, original: Any, payload: Payload, source: Source, raw: bytes | None) -> Record:
    """The record of an event, which is `original` with marks for what cannot be kept."""
    if not isinstance(event, dict):
        return Unparsed("a delivery is an object with fields")
    try:
        as_json = json.dumps(event, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return Unparsed("a number is out of range", is_rejected=True)
    is_subscription = _is_subscription(event)
    if not is_subscription:
        if about_the_account := account_event(event, original, as_json, source):
            return about_the_account
        if payload.query_fields:
            event, original = {**payload.query_fields, **event}, {**payload.original_query, **original}
            as_json = json.dumps(event, ensure_ascii=False)
    fields = _fields(event, source)
    if not is_subscription and _is_wrapped(event, fields, source):
        return Unparsed(WRAPPED)
    originals = fields if not payload.sanitized else _fields(original, source)
    return _lesson_answer(fields, originals, source, as_json, raw)


def _is_subscription(event: Mapping[str, Any]) -> bool:
    is_about_an_answer = event.get("eventType") in (None, "getcourse/lessonAnswerCreated")
    return is_about_an_answer and isinstance(event.get("answer"), dict)


def _fields(event: Mapping[str, Any], source: Source) -> Mapping[str, Any]:
    """The fields of an answer under our names."""
    return (
        _from_subscription(event, event["answer"])
        if _is_subscription(event)
        else _from_process(event, source.field_map)
    )


def _is_wrapped(event: Mapping[str, Any], fields: Mapping[str, Any], source: Source) -> bool:
    """Whether somebody put the whole delivery into a field of another object."""
    if fields.get("user_id") or fields.get("answer_id"):
        return False
    names = {"answer", *_IDS, *map(str, source.field_map.values())}
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
    fields: Mapping[str, Any], originals: Mapping[str, Any], source: Source, as_json: str, raw: bytes | None
) -> LessonAnswer | Unparsed:
    whole = {name: text(fields.get(name)) for name in FIELDS}
    for name in ("user_id", "answer_id"):
        if not whole[name]:
            return Unparsed(_why_missing(name, fields.get(name)))
    for name in _IDS:
        value = fields.get(name)
        if isinstance(value, int) and abs(value) >= MAX_ID:
            return Unparsed(f"{name} is out of range", is_rejected=True)
        if len(whole[name] or "") > MAX_ID_LENGTH:
            return Unparsed(f"{name} is longer than {MAX_ID_LENGTH} characters")
    texts = whole | {name: _cut(name, whole[name], length) for name, length in _MAX_LENGTHS.items()}
    came = whole if originals is fields else {name: text(originals.get(name)) for name in _KEY}
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
        sanitized=originals is not fields or texts != whole,
        answer_key=answer_key([came[name] for name in _KEY], [whole[name] for name in _KEY]),
    )


def _cut(name: str, whole: str | None, length: int) -> str | None:
    """A text with an ellipsis for what its column has no room for; a status, which is part of the key, without."""
    if whole is None or len(whole) <= length:
        return whole
    return whole[:length] if name == "answer_status" else shorten(whole, length)


def _why_missing(name: str, value: Any) -> str:
    if isinstance(value, str) and is_placeholder(value.strip()):
        return f"unparsed: GetCourse did not fill in the placeholder of {name}"
    return f"unparsed: {name} is missing (does the source's field map name it?)"
