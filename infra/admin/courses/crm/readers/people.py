"""Cohorts, people, who takes part, whom nothing is sent to, and who agreed."""

from infra.admin.courses.crm import values
from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers.columns import moment
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.row import MAX_INDEXED, Row
from infra.admin.courses.crm.values import Unreadable

ROLES = frozenset({"user", "curator", "admin"})
UNKNOWN_TEXT = 0  # the version of a consent whose words nobody knows


def cohort_name(number: int) -> str:
    """What a cohort without a name is called."""
    return f"Когорта {number}"


def _cohort(row: Row, known: Known) -> Values:
    number, name = row.id("id"), row.line("name", MAX_INDEXED)
    if name is None:
        row.mend("name was missing")
        name = cohort_name(number)
    while not known.claim("cohorts.name", name):
        row.mend("name was another's too")
        name = f"{name[: MAX_INDEXED - 25]} ({number})"
    return number, name


def _user(row: Row, known: Known) -> Values:
    number = row.id("id")
    telegram_id = row.integer("telegram_id")
    if telegram_id is not None and not 0 < telegram_id <= values.MAX_ID:
        row.drop("telegram_id", "is none")
        telegram_id = None
    if telegram_id is not None and not known.claim("users.telegram_id", telegram_id):
        row.drop("telegram_id", "is another's")
        telegram_id = None
    nickname = row.line("nickname", MAX_INDEXED)
    if nickname is not None and not known.claim("users.nickname", nickname):
        row.drop("nickname", "is another's")
        nickname = None
    for column in ("events", "participants"):
        if row.has(column):
            row.drop(column, "means nothing to us")
    if telegram_id is not None:
        known.users_by_telegram[telegram_id] = number
    return (
        number,
        telegram_id,
        _username(row),
        nickname,
        _password(row),
        row.line("full_name"),
        row.choice("role", ROLES, "user"),
        _phone(row),
        _email(row),
        row.reference("cohort_id", known.of("cohorts")),
    )


def _username(row: Row) -> str | None:
    name = row.line("username")
    if name and name.startswith("@"):
        row.mend("username had an @")
        name = name.lstrip("@") or None
    return name


def _password(row: Row) -> str | None:
    """A hash is kept. A password that everybody can read is not, not even in the record of what was left out."""
    if values.is_empty(row.cells["password"]):
        return None
    if values.is_bcrypt(row.cells["password"]):
        return values.text(row.cells["password"])[0]
    row.mend("password was no hash: it is to be set anew")
    return None


def _phone(row: Row) -> str | None:
    written = row.line("phone")
    if written is None:
        return None
    try:
        found, note = values.phone(written)
    except Unreadable:
        row.drop("phone", "cannot be read")
        return None
    if note:
        row.mend(f"phone was {note}")
    return found


def _email(row: Row) -> str | None:
    written = row.line("email")
    try:
        return values.email(written) if written else None
    except Unreadable:
        row.drop("email", "is none")
        return None


def _participant(row: Row, known: Known) -> Values:
    number, user = row.id("id"), row.owner("user_id", known.of("users"))
    cohort, stream = row.reference("cohort_id", known.of("cohorts")), row.reference("stream_id", known.of("streams"))
    if not known.claim("participants.user_id", user):
        row.reject("user_id takes part already")
    return number, user, cohort, stream, moment(row, known, "created_at")


def _flag(row: Row, known: Known) -> Values:
    user, enabled = row.owner("user_id", known.of("users")), row.integer("notify_enabled")
    if enabled not in (None, 0, 1):
        row.drop("notify_enabled", "is neither yes nor no")
        enabled = 0  # whom it is not certain to be welcome
    if not known.claim("user_flags.user_id", user):
        row.reject("user_id has flags here already")
    return user, enabled != 0


def _consent(row: Row, known: Known) -> Values:
    telegram_id, given = row.id("telegram_id"), row.integer("given")
    if given != 1:
        row.reject("no consent was given")
    if not known.claim("consents.telegram_id", telegram_id):
        row.reject("telegram_id has answered here already")
    return telegram_id, "processing", UNKNOWN_TEXT, moment(row, known, "ts")


COHORTS = Table("cohorts", ("id", "name"), ("id", "name"), _cohort)
USERS = Table(
    "users",
    ("id", "telegram_id", "username", "nickname", "password", "full_name", "role", "phone", "email", "events",
     "participants", "cohort_id"),
    ("id", "telegram_id", "username", "nickname", "password", "full_name", "role", "phone", "email", "cohort_id"),
    _user,
    refers={"cohort_id": "cohorts"},
)  # fmt: skip
PARTICIPANTS = Table(
    "participants",
    ("id", "user_id", "cohort_id", "stream_id", "created_at"),
    ("id", "user_id", "cohort_id", "stream_id", "created_at"),
    _participant,
    refers={"cohort_id": "cohorts", "stream_id": "streams"},
)
USER_FLAGS = Table("user_flags", ("user_id", "notify_enabled"), ("user_id", "notify_enabled"), _flag, key="user_id")
CONSENTS = Table(
    "consents", ("telegram_id", "given", "ts"), ("telegram_id", "purpose", "version", "given_at"), _consent,
    key="telegram_id",
)  # fmt: skip
