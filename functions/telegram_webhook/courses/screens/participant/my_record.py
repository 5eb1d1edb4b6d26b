"""Somebody's own attendance, payments and homework. What nobody has noted is no absence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from functions.telegram_webhook.courses import formats, texts
from functions.telegram_webhook.courses.data import sessions
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"
PAGE = 10
MAX_PAGE = 1000


@dataclass(frozen=True)
class Data:
    """A page of sessions with what was noted of each."""

    notes: Sequence[Mapping[str, Any]]
    page: int
    has_next: bool


async def read(connection: Connection, person: Person, at: str) -> Data:
    """The page `at`, the newest first."""
    page = min(buttons.number(at), MAX_PAGE)
    found = await sessions.noted(connection, person, page * PAGE, PAGE + 1)
    return Data([note for place, note in enumerate(found) if place < PAGE], page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """A line each: attendance, the payment, and the homework below."""
    lines = [f"<b>{texts.MY_RECORD.in_(language)}</b>", ""]
    lines += [_line(note, language) for note in data.notes] or [texts.NO_RECORD.in_(language)]
    rows = (*buttons.pages(language, "my_record", data.page, has_next=data.has_next), buttons.back(language))
    return View("\n".join(lines), rows)


def _line(note: Mapping[str, Any], language: Language) -> str:
    when = formats.day(note["start_date"], note["end_date"], None, language)
    status = texts.STATUSES[note["status"]].in_(language) if note["status"] else texts.NOT_NOTED.in_(language)
    if note["minutes_late"]:
        status = texts.LATE_BY.in_(language).format(minutes=note["minutes_late"])
    payment = "" if note["paid"] is None else f", {texts.PAID[note['paid']].in_(language)}"
    line = f"{when} {formats.DASH} {formats.title(note['title'], language)}: {status}{payment}"
    return f"{line}\n{_homework(note['homework'], language)}" if note["homework"] else line


def _homework(link: str, language: Language) -> str:
    """The link behind its words; what is no address stands as it was written."""
    words = texts.HOMEWORK.in_(language)
    if link.startswith(("https://", "http://")):
        return f'<a href="{escape(link)}">{words}</a>'
    return f"{words}: {escape(link)}"
