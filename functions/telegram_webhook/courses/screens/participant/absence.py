"""Participants say ahead that they will not come to a session, and if they like, why.

`at` is the page, or "s" and the id of a session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import formats, participant_texts, staff_texts, texts
from functions.telegram_webhook.courses.data import absences
from functions.telegram_webhook.courses.data.absences import ComingSession
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database.pool import Connection
from shared.i18n.shorten import shorten, shorten_at_word
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "schedule"
PAGE = 8
MAX_PAGE = 1000
MAX_REASON, MAX_BUTTON = 200, 60  # characters


@dataclass(frozen=True)
class Data:
    """A page of the person's next sessions, or the open one."""

    sessions: Sequence[ComingSession]
    page: int
    has_next: bool
    is_open: bool = False


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """As it is now; None: the open session has begun, or is not the person's."""
    if at.startswith("s"):
        found = await _find(connection, person, at)
        return Data([found], 0, has_next=False, is_open=True) if found else None
    page = min(buttons.number(at), MAX_PAGE)
    sessions = await absences.page(connection, person, page * PAGE, PAGE + 1)
    shown = [session for place, session in enumerate(sessions) if place < PAGE]
    return Data(shown, page, has_next=len(sessions) > PAGE)


def view(data: Data, language: Language) -> View:
    """A button each, or the open one."""
    if data.is_open:
        return _card(data.sessions[0], language)
    text = participant_texts.WHICH_SESSION if data.sessions else texts.NO_SESSIONS
    rows = tuple(
        (Button(_label(session, language), buttons.data("absence", "open", f"s{session.id}")),)
        for session in data.sessions
    )
    turning = buttons.pages(language, "absence", data.page, has_next=data.has_next)
    return View(text.in_(language), (*rows, *turning, buttons.back(language, "schedule")))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Announce it, or take it back."""
    session = await _find(connection, person, f"s{pressed.argument}")
    if session is None or pressed.action not in ("announce", "withdraw"):
        raise Stale
    if pressed.action == "withdraw":
        await absences.withdraw(connection, person, session)
        return Next("absence", f"s{session.id}", participant_texts.WITHDRAWN)
    await absences.announce(connection, person, session)
    return Next("absence", f"s{session.id}", participant_texts.ANNOUNCED)


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """Note why somebody does not come."""
    session = await _find(connection, person, at)
    reason = shorten(" ".join(message.words.split()), MAX_REASON)
    if session is None or not session.is_announced or not reason:
        return Next("absence", at, texts.ONLY_BUTTONS)
    await absences.explain(connection, person, session, reason)
    return Next("absence", at, participant_texts.REASON_NOTED)


async def _find(connection: Connection, person: Person, at: str) -> ComingSession | None:
    wanted = buttons.numbers(at.removeprefix("s"), 1) if at.startswith("s") else None
    return await absences.find(connection, person, wanted[0]) if wanted else None


def _label(session: ComingSession, language: Language) -> str:
    """«🙅 сб, 13 сентября, 10:00 Тема»."""
    when = formats.day(session.start_date, session.end_date, session.start_time, language)
    sign = staff_texts.ABSENT_SIGN if session.is_announced else "▫️"
    return f"{sign} {shorten(f'{when} {session.title or formats.session(language)}', MAX_BUTTON)}"


def _card(session: ComingSession, language: Language) -> View:
    when = formats.day(session.start_date, session.end_date, session.start_time, language)
    lines = [f"<b>{formats.title(session.title, language)}</b>", when, ""]
    if session.is_announced:
        lines.append(participant_texts.YOU_ARE_ABSENT.in_(language))
        reason = shorten_at_word(session.reason or "", MAX_REASON)
        lines.append(f"<i>{escape(reason)}</i>" if reason else participant_texts.WRITE_A_REASON.in_(language))
        text, action = participant_texts.COMING_AFTER_ALL, "withdraw"
    else:
        lines.append(participant_texts.ABSENCE_HELP.in_(language))
        text, action = participant_texts.NOT_COMING, "announce"
    button = Button(text.in_(language), buttons.data("absence", action, session.id))
    return View("\n".join(lines), ((button,), buttons.back(language, "absence")))
