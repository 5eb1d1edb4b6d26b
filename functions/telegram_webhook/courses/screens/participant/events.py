"""What the school holds beside its sessions: events, and healing sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape

from functions.telegram_webhook.courses import formats, texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten_at_word
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"
PAGE = 8
MAX_PAGE = 1000
MAX_NOTE = 300  # characters of one note

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Event:
    """An event; a healing session has no title."""

    title: str | None
    start_date: date
    end_date: date | None
    start_time: time | None
    note: str | None
    is_cancelled: bool


@dataclass(frozen=True)
class Data:
    """A page of events."""

    events: Sequence[Event]
    page: int
    has_next: bool
    timezone: str
    now: datetime


async def read(connection: Connection, person: Person, at: str) -> Data:
    """The page `at`, from today on."""
    page = min(buttons.number(at), MAX_PAGE)
    parameters = {"today": person.now.date(), "offset": page * PAGE, "most": PAGE + 1}
    found = [Event(**row) for row in await sql.fetch_all(connection, _SQL["upcoming"], parameters)]
    shown = [event for place, event in enumerate(found) if place < PAGE]
    return Data(shown, page, len(found) > PAGE, person.timezone, person.now)


def view(data: Data, language: Language) -> View:
    """A line each, with its note below."""
    lines = [f"<b>{texts.EVENTS.in_(language)}</b>", ""]
    lines += [_line(event, language) for event in data.events] or [texts.NO_EVENTS.in_(language)]
    if any(event.start_time for event in data.events):
        lines += ["", texts.ZONE.in_(language).format(zone=formats.zone(data.timezone, data.now))]
    rows = (*buttons.pages(language, "events", data.page, has_next=data.has_next), buttons.back(language))
    return View("\n".join(lines), rows)


def _line(event: Event, language: Language) -> str:
    when = formats.day(event.start_date, event.end_date, event.start_time, language)
    line = f"{when} {formats.DASH} {escape(event.title or texts.HEALING_SESSION.in_(language))}"
    if event.is_cancelled:
        return f"<s>{line}</s> {texts.CANCELLED.in_(language)}"
    return f"{line}\n<i>{escape(shorten_at_word(event.note, MAX_NOTE))}</i>" if event.note else line
