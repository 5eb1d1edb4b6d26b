"""The next sessions of somebody's stream and cohort, and the same as a file for their calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.telegram_webhook.courses import calendar_file, formats, participant_texts, texts
from functions.telegram_webhook.courses.data import sessions
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.sessions import Session
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import File, Next, Stale, View
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"
PAGE = 8
MAX_IN_FILE = 500
MAX_PAGE = 1000


@dataclass(frozen=True)
class Data:
    """A page of sessions."""

    sessions: Sequence[Session]
    page: int
    has_next: bool
    timezone: str
    now: datetime


async def read(connection: Connection, person: Person, at: str) -> Data:
    """The page `at`."""
    page = min(buttons.number(at), MAX_PAGE)
    found = await sessions.upcoming(connection, person, page * PAGE, PAGE + 1)
    shown = [session for place, session in enumerate(found) if place < PAGE]
    return Data(shown, page, len(found) > PAGE, person.timezone, person.now)


def view(data: Data, language: Language) -> View:
    """A line each; the school's clock is named once."""
    lines = [f"<b>{texts.SCHEDULE.in_(language)}</b>", ""]
    lines += [_line(session, language) for session in data.sessions] or [texts.NO_SESSIONS.in_(language)]
    if any(session.start_time for session in data.sessions):
        lines += ["", texts.ZONE.in_(language).format(zone=formats.zone(data.timezone, data.now))]
    calendar = (Button(texts.CALENDAR.in_(language), buttons.data("schedule", "calendar", data.page)),)
    absence = (Button(participant_texts.ANNOUNCE.in_(language), buttons.data("absence")),)
    turning = buttons.pages(language, "schedule", data.page, has_next=data.has_next)
    rows = (*turning, calendar, *((absence,) if data.sessions else ()), buttons.back(language))
    return View("\n".join(lines), rows)


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Send the calendar file."""
    if pressed.action != "calendar":
        raise Stale
    found = await sessions.upcoming(connection, person, 0, MAX_IN_FILE)
    text = calendar_file.render(found, person.school, person.timezone, person.now, person.language)
    file = File("schedule.ics", "text/calendar", text, texts.CALENDAR_FILE.in_(person.language))
    return Next("schedule", pressed.argument, texts.FILE_SENT, [file])


def _line(session: Session, language: Language) -> str:
    when = formats.day(session.start_date, session.end_date, session.start_time, language)
    line = f"{when} {formats.DASH} {formats.title(session.title, language)}"
    return f"<s>{line}</s> {texts.CANCELLED.in_(language)}" if session.is_cancelled else line
