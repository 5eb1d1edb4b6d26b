"""An assignment, and what somebody hands in for it. `at` is its id; after a dot "submit": the next message is that."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from functions.telegram_webhook.courses import formats, homework_texts, texts
from functions.telegram_webhook.courses.data import submissions
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.submissions import Assignment, Submission
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, StoredFile, View
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database.pool import Connection
from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "assignments"
MAX_OWN = 700  # characters of what was handed in


@dataclass(frozen=True)
class Data:
    """The assignment and what was handed in; `is_submitting`: the next message is."""

    assignment: Assignment
    submission: Submission | None
    timezone: str
    may_submit: bool
    is_submitting: bool = False


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """As it is now; None: there is no such assignment any more."""
    identity, _, mode = at.partition(".")
    found = await submissions.assignment(connection, person, buttons.number(identity))
    if found is None:
        return None
    submission = await submissions.find(connection, found.id, person.user_id)
    may_submit = person.role == "user" and not found.is_withdrawn
    return Data(found, submission, person.timezone, may_submit, may_submit and mode == "submit")


def view(data: Data, language: Language) -> View:
    """Its words, what was handed in, and how to hand in."""
    of = data.assignment
    lines = [f"<b>{escape(of.title)}</b>"]
    if of.due_date:
        lines.append(texts.DUE.in_(language).format(day=formats.day(of.due_date, None, None, language)))
    if data.is_submitting:
        ask = homework_texts.SUBMIT_AGAIN_ASKED if data.submission else homework_texts.SUBMIT_ASKED
        lines += ["", ask.in_(language)]
        return View("\n".join(lines), (buttons.back(language, "assignment", of.id),))
    if of.body:
        lines += ["", escape(of.body)]
    if data.submission:
        lines += ["", *_submitted(data.submission, data, language)]
    return View("\n".join(lines), (*_buttons(data, language), buttons.back(language, "assignments")))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Send what was handed in."""
    found = await submissions.find(connection, buttons.number(pressed.argument), person.user_id)
    if pressed.action != "files" or found is None or not found.files:
        raise Stale
    return Next("assignment", pressed.argument, texts.FILE_SENT, [StoredFile(file, "") for file in found.files])


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """Hand in a text, a file with its caption, or the first of an album."""
    identity, _, mode = at.partition(".")
    if mode != "submit":
        return Next("assignment", at, homework_texts.PRESS_SUBMIT)
    file, body = message.sent_file, message.content.text.strip()
    if message.contact or not (file or body):
        return Next("assignment", at, homework_texts.NOTHING_TO_SUBMIT)
    files = [file.id] if file else []
    is_put = await submissions.put(connection, person, buttons.number(identity), body, files)
    return Next("assignment", identity, homework_texts.SUBMITTED if is_put else None)


async def add(connection: Connection, person: Person, message: PrivateMessage, at: str) -> None:
    """Add a further file of the album that was just handed in."""
    if message.sent_file and buttons.numbers(at, 1):
        await submissions.add_file(connection, person, buttons.number(at), message.sent_file.id)


def when(moment: datetime, timezone: str, language: Language) -> str:
    """A moment on the school's clock."""
    return dates.moment(moment.astimezone(ZoneInfo(timezone)), language)


def _submitted(found: Submission, data: Data, language: Language) -> list[str]:
    at = when(found.first_submitted_at, data.timezone, language)
    lines = [homework_texts.YOU_SUBMITTED.in_(language).format(moment=at)]
    if found.submitted_at > found.first_submitted_at:
        at = when(found.submitted_at, data.timezone, language)
        lines.append(homework_texts.REPLACED.in_(language).format(moment=at))
    if found.files:
        lines.append(homework_texts.FILES.in_(language).format(count=len(found.files)))
    if found.body:
        lines.append(f"<i>{escape(shorten(found.body, MAX_OWN))}</i>")
    return lines


def _buttons(data: Data, language: Language) -> tuple[tuple[Button, ...], ...]:
    of, found, rows = data.assignment, data.submission, []
    if of.material_id:
        rows.append(
            (Button(homework_texts.MATERIAL.in_(language), buttons.data("materials", "open", f"m{of.material_id}")),)
        )
    if found and found.files:
        rows.append((Button(homework_texts.MY_FILES.in_(language), buttons.data("assignment", "files", of.id)),))
    if data.may_submit:
        text = homework_texts.SUBMIT_AGAIN if found else homework_texts.SUBMIT
        rows.append((Button(text.in_(language), buttons.data("assignment", "open", of.id, "submit")),))
    return tuple(rows)
