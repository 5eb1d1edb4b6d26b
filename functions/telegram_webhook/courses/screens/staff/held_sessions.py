"""Sessions that have begun, for those who mark them."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.telegram_webhook.courses import formats, staff_texts
from functions.telegram_webhook.courses.data import rosters
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.rosters import HeldSession
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database.pool import Connection
from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "home"
PAGE = 10
MAX_PAGE = 1000
MAX_BUTTON = 60


@dataclass(frozen=True)
class Data:
    """A page of sessions, the newest first."""

    sessions: Sequence[HeldSession]
    page: int
    has_next: bool


async def read(connection: Connection, person: Person, at: str) -> Data:
    """The page `at`."""
    page = min(buttons.number(at), MAX_PAGE)
    found = await rosters.held(connection, person, page * PAGE, PAGE + 1)
    return Data([session for place, session in enumerate(found) if place < PAGE], page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """A button each, with how far it is marked."""
    lines = [f"<b>{staff_texts.HELD_SESSIONS.in_(language)}</b>"]
    if not data.sessions:
        lines += ["", staff_texts.NO_HELD_SESSIONS.in_(language)]
    rows = tuple((button(session, language),) for session in data.sessions)
    turning = buttons.pages(language, "held_sessions", data.page, has_next=data.has_next)
    return View("\n".join(lines), (*rows, *turning, buttons.back(language)))


def button(session: HeldSession, language: Language) -> Button:
    """The button that opens the session's card: «✅ 13.09 Тема, Поток 1 · 38/40»."""
    marked = f"{session.people - session.unmarked}/{session.people}"
    name = " ".join(filter(None, [session.title or formats.session(language), session.place and f"({session.place})"]))
    sign = "✅" if session.people and not session.unmarked else "▫️"
    text = f"{sign} {dates.short_day(session.start_date, language)} {shorten(name, MAX_BUTTON)} · {marked}"
    return Button(text, buttons.data("attendance", "open", session.id, 0))
