"""What of a session was corrected: by whom, when, and what it was before. `at` is the session and the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from functions.telegram_webhook.courses import formats, staff_texts, texts
from functions.telegram_webhook.courses.data import rosters
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.rosters import HeldSession
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "held_sessions"
PAGE = 15
MAX_PAGE = 1000
MAX_NAME = 40

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Change:
    """One correction, of the attendance (`before`, `after`) or of the payment (`was_paid`, `is_paid`)."""

    at: datetime
    by: str | None
    name: str
    before: str | None
    before_minutes: int | None
    after: str | None
    after_minutes: int | None
    was_paid: bool | None
    is_paid: bool | None


@dataclass(frozen=True)
class Data:
    """The session with a page of corrections, the newest first."""

    session: HeldSession
    changes: Sequence[Change]
    page: int
    has_next: bool
    timezone: str


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """The page; None: there is no such session."""
    identity, _, place = at.partition(".")
    page = min(buttons.number(place), MAX_PAGE)
    session = await rosters.find(connection, person, buttons.number(identity))
    if session is None:
        return None
    parameters = {"session_id": session.id, "offset": page * PAGE, "most": PAGE + 1}
    found = [Change(**row) for row in await sql.fetch_all(connection, _SQL["page"], parameters)]
    shown = [change for number, change in enumerate(found) if number < PAGE]
    return Data(session, shown, page, len(found) > PAGE, person.timezone)


def view(data: Data, language: Language) -> View:
    """Two lines each."""
    session = data.session
    when = formats.day(session.start_date, session.end_date, session.start_time, language)
    lines = [f"<b>{staff_texts.CHANGES.in_(language)}</b>", f"{formats.title(session.title, language)}, {when}"]
    if not data.changes:
        lines += ["", staff_texts.NO_CHANGES.in_(language)]
    for change in data.changes:
        lines += ["", *_lines(change, data.timezone, language)]
    turning = buttons.pages(language, "changes", data.page, has_next=data.has_next, before=str(session.id))
    return View("\n".join(lines), (*turning, buttons.back(language, "attendance", session.id, 0)))


def _lines(change: Change, timezone: str, language: Language) -> list[str]:
    moment = dates.moment(change.at.astimezone(ZoneInfo(timezone)), language)
    by = escape(shorten(change.by or formats.DASH, MAX_NAME))
    if change.was_paid is not None:
        before, after = _payment(change.was_paid, language), _payment(change.is_paid, language)
    else:
        before = _status(change.before, change.before_minutes, language)
        after = _status(change.after, change.after_minutes, language)
    return [f"<i>{moment}, {by}</i>", f"{escape(shorten(change.name, MAX_NAME))}: {before} → {after}"]


def _status(status: str | None, minutes: int | None, language: Language) -> str:
    if status is None:
        return texts.NOT_NOTED.in_(language)
    return texts.LATE_BY.in_(language).format(minutes=minutes) if minutes else texts.STATUSES[status].in_(language)


def _payment(paid: bool | None, language: Language) -> str:  # noqa: FBT001 - as its column
    return texts.NOT_NOTED.in_(language) if paid is None else texts.PAID[paid].in_(language)
