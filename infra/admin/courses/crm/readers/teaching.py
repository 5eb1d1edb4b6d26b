"""What is taught: streams, topics, days, sessions, events, healing sessions, materials, assignments."""

from datetime import date

from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers.columns import author, moment
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.row import MAX_INDEXED, Row


def stream_title(number: int) -> str:
    """What a stream without a title is called."""
    return f"Поток {number}"


def _stream(row: Row, _known: Known) -> Values:
    number = row.id("id")
    return number, _title(row, stream_title(number))


def _title(row: Row, otherwise: str) -> str:
    title = row.line("title")
    if title is None:
        row.mend("title was missing")
    return title or otherwise


def _topic(row: Row, known: Known) -> Values:
    number, code = row.id("id"), row.line("code", MAX_INDEXED)
    if code is not None and code in known.topics_by_code:
        row.drop("code", "is another's")
        code = None
    if code is not None:
        known.topics_by_code[code] = number
    return number, code, row.line("title"), row.text("annotation")


def _session_day(row: Row, known: Known) -> Values:
    number, day = row.id("id"), row.day("date")
    if day is None:
        row.reject("date is none")
    stream, topic = row.reference("stream_id", known.of("streams")), row.reference("topic_id", known.of("topics"))
    code = row.line("topic_code")
    if topic is None and code in known.topics_by_code:
        row.mend("topic_id was found by topic_code")
        topic = known.topics_by_code[code]
    elif code is not None and known.topics_by_code.get(code) != topic:
        row.drop("topic_code", "is not that of topic_id")
    if not known.claim("session_days.date", (day, stream)):
        row.reject("the stream has a topic on this date already")
    return number, day, stream, topic


def _session(row: Row, known: Known) -> Values:
    number, (start, end) = row.id("id"), _days(row)
    code = row.line("topic_code", MAX_INDEXED)
    if code is not None and code not in known.topics_by_code:
        row.drop("topic_code", "names a topic that is not there")
        code = None
    stream, cohort = row.reference("stream_id", known.of("streams")), row.reference("cohort_id", known.of("cohorts"))
    return number, start, end, code, row.line("title"), row.text("annotation"), stream, cohort


def _days(row: Row) -> tuple[date, date | None]:
    start, end = row.day("start_date"), row.day("end_date")
    if start is None:
        row.reject("start_date is none")
    if end is not None and end < start:
        row.drop("end_date", "is before start_date")
        end = None
    return start, end


def _event(row: Row, _known: Known) -> Values:
    number, (start, end) = row.id("id"), _days(row)
    return number, _title(row, "…"), start, end, row.text("note")


def _healing(row: Row, _known: Known) -> Values:
    number, day, start = row.id("id"), row.day("date"), row.time_of_day("time_start")
    if day is None or start is None:
        row.reject("date is none" if day is None else "time_start is none")
    return number, day, start, row.text("note")


def _material(row: Row, known: Known) -> Values:
    number = row.id("id")
    who, when = author(row, known, "created_by"), moment(row, known, "created_at")
    return number, _title(row, "…"), row.text("body"), row.line("tg_file_id"), row.line("mime"), who, when


def _assignment(row: Row, known: Known) -> Values:
    number, material = row.id("id"), row.reference("material_id", known.of("materials"))
    who, when = author(row, known, "created_by"), moment(row, known, "created_at")
    return number, _title(row, "…"), row.text("body"), material, row.day("due_date"), who, when


STREAMS = Table("streams", ("id", "title"), ("id", "title"), _stream)
TOPICS = Table("topics", ("id", "code", "title", "annotation"), ("id", "code", "title", "annotation"), _topic)
SESSION_DAYS = Table(
    "session_days", ("id", "date", "stream_id", "topic_id", "topic_code"), ("id", "date", "stream_id", "topic_id"),
    _session_day, refers={"stream_id": "streams"},
)  # fmt: skip
SESSIONS = Table(
    "sessions",
    ("id", "start_date", "end_date", "topic_code", "title", "annotation", "stream_id", "cohort_id"),
    ("id", "start_date", "end_date", "topic_code", "title", "annotation", "stream_id", "cohort_id"),
    _session,
    refers={"stream_id": "streams", "cohort_id": "cohorts"},
)
EVENTS = Table(
    "events",
    ("id", "title", "start_date", "end_date", "note"),
    ("id", "title", "start_date", "end_date", "note"),
    _event,
)
HEALING_SESSIONS = Table(
    "healing_sessions", ("id", "date", "time_start", "note"), ("id", "date", "time_start", "note"), _healing
)
MATERIALS = Table(
    "materials",
    ("id", "title", "body", "tg_file_id", "mime", "created_by", "created_at"),
    ("id", "title", "body", "tg_file_id", "mime", "created_by", "created_at"),
    _material,
)
ASSIGNMENTS = Table(
    "assignments",
    ("id", "title", "body", "material_id", "due_date", "created_by", "created_at"),
    ("id", "title", "body", "material_id", "due_date", "created_by", "created_at"),
    _assignment,
)
