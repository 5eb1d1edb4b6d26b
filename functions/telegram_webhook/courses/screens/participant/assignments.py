"""Assignments, those that are due first; each leads to where it is handed in. `at` is the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from functions.telegram_webhook.courses import formats, texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten, shorten_at_word
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"
PAGE = 5
MAX_PAGE = 1000
MAX_BODY, MAX_BUTTON = 600, 60  # characters

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Assignment:
    """An assignment; `is_submitted`: the person has handed it in."""

    id: int
    title: str
    body: str | None
    due_date: date | None
    is_submitted: bool


@dataclass(frozen=True)
class Data:
    """A page of assignments."""

    assignments: Sequence[Assignment]
    page: int
    has_next: bool


async def read(connection: Connection, person: Person, at: str) -> Data:
    """The page `at`: what is due from today on, what has no day, then what was due."""
    page = min(buttons.number(at), MAX_PAGE)
    parameters = {
        "user_id": person.user_id, "today": person.now.date(), "offset": page * PAGE, "most": PAGE + 1,
    }  # fmt: skip
    found = [Assignment(**row) for row in await sql.fetch_all(connection, _SQL["page"], parameters)]
    return Data([each for place, each in enumerate(found) if place < PAGE], page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """Each with its words; a button leads to where it is handed in."""
    parts = [_part(assignment, language) for assignment in data.assignments] or [texts.NO_ASSIGNMENTS.in_(language)]
    rows = tuple(
        (Button(f"{_sign(each)} {shorten(each.title, MAX_BUTTON)}", buttons.data("assignment", "open", each.id)),)
        for each in data.assignments
    )
    turning = buttons.pages(language, "assignments", data.page, has_next=data.has_next)
    text = "\n\n".join([f"<b>{texts.ASSIGNMENTS.in_(language)}</b>", *parts])
    return View(text, (*rows, *turning, buttons.back(language)))


def _sign(assignment: Assignment) -> str:
    return "✅" if assignment.is_submitted else "📝"


def _part(assignment: Assignment, language: Language) -> str:
    lines = [f"{_sign(assignment)} <b>{escape(assignment.title)}</b>"]
    if assignment.due_date:
        lines.append(texts.DUE.in_(language).format(day=formats.day(assignment.due_date, None, None, language)))
    if assignment.body:
        lines.append(escape(shorten_at_word(assignment.body, MAX_BODY)))
    return "\n".join(lines)
