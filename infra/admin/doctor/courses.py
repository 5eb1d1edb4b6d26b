"""Doctor: the course CRM. Each check returns findings and changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.doctor.finding import Finding, Status
from shared.database import sql
from shared.payload import timezones

AREA = "courses"
NEEDED_FOR = {
    "processing": "nobody can agree to being stored, so nobody can use the bot",
    "mailings": "no broadcast reaches anybody",
}

_SQL = sql.load(__file__)


def school(connection: Connection) -> list[Finding]:
    """The school: its bot, an administrator, the texts of consents, its zone; what an import left out."""
    return [finding for row in fetch(connection, _SQL["school"]) for finding in _school(connection, row)]


def _school(connection: Connection, row: Mapping[str, Any]) -> Iterator[Finding]:
    name = row["name"]
    if row["bot"] is None:
        step = "add it: carillon bots add NAME --system courses, then: carillon courses settings --bot NAME"
        yield Finding("warning", AREA, f"{name} has no bot", step)
    else:
        yield Finding("ok", AREA, f"{name} uses bot {row['bot']}")
    if not row["administrators"]:
        step = "name one by their Telegram id: carillon courses roles 512000001 admin --new"
        yield Finding("warning", AREA, f"{name} has no administrator whom its bot knows", step)
    if row["unreachable"]:
        step = "see who they are: carillon courses roles; they open the bot by an invitation"
        yield Finding("warning", AREA, f"{row['unreachable']} curators and administrators have no Telegram id", step)
    for purpose in row["textless"]:
        step = f"carillon courses consent-texts --add {purpose} --ru FILE --en FILE"
        status: Status = "problem" if purpose == "processing" else "warning"
        yield Finding(status, AREA, f"there is no text of the consent to {purpose}: {NEEDED_FOR[purpose]}", step)
    if not timezones.is_known(row["timezone"]):
        message = f"{name} has an unknown time zone, {row['timezone']!r}; {timezones.OF_SCHOOLS} stands in for it"
        step = f"run: carillon courses settings --timezone {timezones.OF_SCHOOLS}, or whichever is its own"
        yield Finding("problem", AREA, message, step)
    yield from _rejections(connection)


def _rejections(connection: Connection) -> Iterator[Finding]:
    counts = fetch_one(connection, _SQL["rejections"])
    if counts["rejected"]:
        message = f"{counts['rejected']} rows of a crm.db were not taken over"
        step = "correct them there and import again; why, says select * from courses.import_rejections"
        yield Finding("warning", AREA, message, step)
    if counts["mended"]:
        yield Finding("ok", AREA, f"of {counts['mended']} rows of a crm.db something was left out and is kept")
