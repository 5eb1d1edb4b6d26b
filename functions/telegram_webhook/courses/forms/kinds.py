"""The kinds of records that staff write down, and their fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from functions.telegram_webhook.courses.forms import texts

FieldType = Literal["words", "day", "time", "count", "choice", "files"]

YEAR = 366


@dataclass(frozen=True)
class Field:
    """A field: a column of the same name, or what becomes one. `before` is how many days ago a day may be."""

    name: str
    type: FieldType
    is_required: bool = False
    before: int = 0
    max_length: int = 200


@dataclass(frozen=True)
class Kind:
    """A kind of records. `ended` is the column that says when one was ended; without it, one that ends is deleted."""

    name: str
    texts: texts.OfKind
    fields: tuple[Field, ...]
    ended: Literal["cancelled_at", "withdrawn_at", ""] = ""

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


_TITLE = Field("title", "words", is_required=True)
_BODY = Field("body", "words", max_length=3000)
_NOTE = Field("note", "words", max_length=1000)
_FILES = Field("files", "files")
_STREAM, _COHORT = Field("stream_id", "choice"), Field("cohort_id", "choice")

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("sessions", texts.SESSIONS, (
            Field("start_date", "day", is_required=True, before=YEAR), Field("start_time", "time"),
            Field("end_date", "day", before=YEAR), Field("topic_code", "choice"), Field("title", "words"),
            _STREAM, _COHORT, Field("annotation", "words", max_length=1000),
        ), "cancelled_at"),
        Kind("days", texts.DAYS, (
            Field("date", "day", is_required=True, before=YEAR), _STREAM, Field("topic_id", "choice"),
        )),
        Kind("topics", texts.TOPICS, (
            Field("code", "words", is_required=True, max_length=40), Field("title", "words"),
            Field("annotation", "words", max_length=1000),
        )),
        Kind("events", texts.EVENTS, (
            _TITLE, Field("start_date", "day", is_required=True), Field("start_time", "time"), Field("end_date", "day"),
            _NOTE,
        ), "cancelled_at"),
        Kind("healing", texts.HEALING, (
            Field("date", "day", is_required=True), Field("time_start", "time", is_required=True),
            Field("capacity", "count"), _NOTE,
        ), "cancelled_at"),
        Kind("materials", texts.MATERIALS, (_TITLE, _BODY, _FILES), "withdrawn_at"),
        Kind("assignments", texts.ASSIGNMENTS, (_TITLE, Field("due_date", "day"), _BODY, _FILES), "withdrawn_at"),
    )
}  # fmt: skip
