"""What was noted of a person in a session: attendance, payments, links to homework."""

from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers.columns import author, moment
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.row import Row

STATUSES = frozenset({"present", "absent", "late"})


def _attendance(row: Row, known: Known) -> Values:
    number, user, session = _noted(row, known)
    written = row.cells["status"]
    status = _QUICK.get(written) if written.__class__ is bytes else None
    if status is None:
        status = row.choice("status", STATUSES, "")
        if not status:
            row.reject("status is none that we know")
    return number, user, session, status, moment(row, known, "noted_at"), author(row, known, "noted_by")


_QUICK = {status.encode(): status for status in STATUSES}


def _payment(row: Row, known: Known) -> Values:
    number, user, session = _noted(row, known)
    paid = row.integer("paid")
    if paid not in (0, 1):
        row.reject("paid is neither yes nor no")
    return number, user, session, paid == 1, moment(row, known, "noted_at"), author(row, known, "noted_by")


def _homework(row: Row, known: Known) -> Values:
    number, user, session = _noted(row, known)
    link = row.line("link")
    if link is None:
        row.reject("link is missing")
    return number, session, user, link, moment(row, known, "sent_at"), author(row, known, "sent_by")


def _noted(row: Row, known: Known) -> tuple[int, int, int]:
    return row.id("id"), row.owner("user_id", known.of("users")), row.owner("session_id", known.of("sessions"))


_NOTE = ("noted_at", "noted_by")
ATTENDANCE = Table(
    "attendance", ("id", "user_id", "session_id", "status", *_NOTE), ("id", "user_id", "session_id", "status", *_NOTE),
    _attendance, pair=("user_id", "session_id"), noted_at="noted_at",
)  # fmt: skip
PAYMENTS = Table(
    "payments", ("id", "user_id", "session_id", "paid", *_NOTE), ("id", "user_id", "session_id", "paid", *_NOTE),
    _payment, pair=("user_id", "session_id"), noted_at="noted_at",
)  # fmt: skip
HOMEWORK = Table(
    "homework_delivery",
    ("id", "session_id", "user_id", "link", "sent_at", "sent_by"),
    ("id", "session_id", "user_id", "link", "sent_at", "sent_by"),
    _homework,
    pair=("user_id", "session_id"),
    noted_at="sent_at",
)
