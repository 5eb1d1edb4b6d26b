"""What participants handed in for an assignment, who did not, and the work of one of them.

`at` is the assignment and a page, and after that "missing", or "u" and the person's id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from functions.telegram_webhook.courses import formats, homework_texts, texts
from functions.telegram_webhook.courses.data import submissions
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.submissions import Assignment, Author, Submission
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, StoredFile, View
from shared.database.pool import Connection
from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "teaching"
PAGE = 20
MAX_PAGE = 1000
MAX_BUTTON = 50


@dataclass(frozen=True)
class Data:
    """The assignment with a page of people, or the work of one."""

    assignment: Assignment
    timezone: str
    people: int = 0
    submitted: int = 0
    authors: Sequence[Author] = ()
    page: int = 0
    has_next: bool = False
    is_missing: bool = False
    work: Submission | None = None


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """As it is now; None: there is no such assignment, or nothing was handed in by this person."""
    identity, _, rest = at.partition(".")
    place, _, which = rest.partition(".")
    found = await submissions.assignment(connection, person, buttons.number(identity))
    if found is None:
        return None
    if which.startswith("u"):
        work = await submissions.find(connection, found.id, buttons.number(which.removeprefix("u")))
        return Data(found, person.timezone, work=work) if work else None
    page, is_missing = min(buttons.number(place), MAX_PAGE), which == "missing"
    people, submitted = await submissions.counts(connection, found.id)
    authors = await submissions.page(connection, found.id, page * PAGE, PAGE + 1, is_missing=is_missing)
    shown = [author for number, author in enumerate(authors) if number < PAGE]
    return Data(found, person.timezone, people, submitted, shown, page, len(authors) > PAGE, is_missing)


def view(data: Data, language: Language) -> View:
    """A button each for those who handed in, names of those who did not, or the one work."""
    of = data.assignment
    if data.work:
        return _work(data.work, data, language)
    lines = [f"<b>{escape(of.title)}</b>"]
    if of.due_date:
        lines.append(texts.DUE.in_(language).format(day=formats.day(of.due_date, None, None, language)))
    lines += ["", homework_texts.SUBMITTED_OF.in_(language).format(submitted=data.submitted, people=data.people)]
    rows = []
    if data.is_missing:
        lines += ["", homework_texts.MISSING.in_(language), *(escape(author.name) for author in data.authors)]
    else:
        rows = [(_button(author, data, language),) for author in data.authors]
    turning = _pages(data, language)
    other = homework_texts.WHO_SUBMITTED if data.is_missing else homework_texts.WHO_DID_NOT
    which = () if data.is_missing else ("missing",)
    switch = (Button(other.in_(language), buttons.data("submissions", "open", of.id, 0, *which)),)
    back = buttons.back(language, "form", "assignments", of.id)
    return View("\n".join(lines), (*rows, *turning, switch, back))


async def press(connection: Connection, _person: Person, pressed: Pressed, _at: str) -> Next:
    """Send the files of a work."""
    wanted = buttons.numbers(pressed.argument, 2)
    found = await submissions.find(connection, *wanted) if pressed.action == "files" and wanted else None
    if found is None or wanted is None or not found.files:
        raise Stale
    files = [StoredFile(file, found.name) for file in found.files]
    return Next("submissions", f"{wanted[0]}.0.u{wanted[1]}", texts.FILE_SENT, files)


def _work(work: Submission, data: Data, language: Language) -> View:
    of = data.assignment
    lines = [f"<b>{escape(of.title)}</b>", escape(work.name), _when(work.first_submitted_at, data, language)]
    if work.submitted_at > work.first_submitted_at:
        moment = dates.moment(work.submitted_at.astimezone(ZoneInfo(data.timezone)), language)
        lines.append(homework_texts.REPLACED.in_(language).format(moment=moment))
    if work.body:
        lines += ["", escape(work.body)]
    rows = []
    if work.files:
        text = homework_texts.SHOW_FILES.in_(language).format(count=len(work.files))
        rows.append((Button(text, buttons.data("submissions", "files", of.id, work.user_id)),))
    return View("\n".join(lines), (*rows, buttons.back(language, "submissions", of.id, 0)))


def _button(author: Author, data: Data, language: Language) -> Button:
    moment = author.first_submitted_at
    at = f" · {_when(moment, data, language)}" if moment else ""
    text = f"{shorten(author.name, MAX_BUTTON)}{at}"
    return Button(text, buttons.data("submissions", "open", data.assignment.id, data.page, f"u{author.user_id}"))


def _when(moment: datetime, data: Data, language: Language) -> str:
    """The moment on the school's clock, and whether that was too late."""
    local, due = moment.astimezone(ZoneInfo(data.timezone)), data.assignment.due_date
    late = f" ({homework_texts.TOO_LATE.in_(language)})" if due and local.date() > due else ""
    return f"{dates.moment(local, language)}{late}"


def _pages(data: Data, language: Language) -> buttons.Rows:
    which = ("missing",) if data.is_missing else ()
    row = []
    for text, page, is_there in (
        (texts.EARLIER, data.page - 1, data.page > 0),
        (texts.LATER, data.page + 1, data.has_next),
    ):
        if is_there:
            argument = (data.assignment.id, page, *which)
            row.append(Button(text.in_(language), buttons.data("submissions", "open", *argument)))
    return (tuple(row),) if row else ()
