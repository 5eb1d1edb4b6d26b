"""Healing sessions: signing up, waiting for a place, taking one that was offered. Staff see who comes.

`at` is the page, or "s" and the id of a healing session.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from functions.telegram_webhook.courses import formats, participant_texts, texts
from functions.telegram_webhook.courses.data import signups
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.signups import HealingSession, Signup, State
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed, Rows
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from shared.database.pool import Connection
from shared.i18n.shorten import shorten, shorten_at_word
from shared.i18n.texts import Language, Text

AUDIENCE, PARENT = "member", "home"
PAGE = 8
MAX_PAGE = 1000
MAX_NOTE, MAX_NAME = 1000, 40  # characters
MAX_PEOPLE = 50

_SIGNS: Mapping[State | None, str] = {"signed": "✅", "waiting": "⏳", "offered": "❗"}


@dataclass(frozen=True)
class Data:
    """A page of healing sessions, or the open one with whoever comes, for staff."""

    sessions: Sequence[HealingSession]
    page: int
    has_next: bool
    timezone: str
    now: datetime
    is_open: bool = False
    is_staff: bool = False
    people: Sequence[Signup] = ()


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """As it is now; None: the open healing session is over, or gone."""
    is_staff = person.role != "user"
    if at.startswith("s"):
        found = await signups.find(connection, person, buttons.number(at.removeprefix("s")))
        if found is None:
            return None
        people = await signups.people(connection, found.id, MAX_PEOPLE) if is_staff else []
        return Data(
            [found], 0, has_next=False, timezone=person.timezone, now=person.now, is_open=True, is_staff=is_staff,
            people=people,
        )  # fmt: skip
    page = min(buttons.number(at), MAX_PAGE)
    sessions = await signups.page(connection, person, page * PAGE, PAGE + 1)
    shown = [session for place, session in enumerate(sessions) if place < PAGE]
    return Data(shown, page, len(sessions) > PAGE, person.timezone, person.now, is_staff=is_staff)


def view(data: Data, language: Language) -> View:
    """A button each, or the open one."""
    if data.is_open:
        return _card(data, language)
    lines = [f"<b>{participant_texts.HEALING.in_(language)}</b>", ""]
    lines.append((participant_texts.HEALING_HELP if data.sessions else participant_texts.NO_HEALING).in_(language))
    lines += _zone(data, language) if data.sessions else []
    rows = tuple(
        (Button(_label(session, language), buttons.data("healing", "open", f"s{session.id}")),)
        for session in data.sessions
    )
    turning = buttons.pages(language, "healing", data.page, has_next=data.has_next)
    return View("\n".join(lines), (*rows, *turning, buttons.back(language)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Sign up, take the place that was offered, or leave."""
    wanted = buttons.numbers(pressed.argument, 1)
    if wanted is None or (person.role != "user" and pressed.action != "leave"):
        raise Stale
    at = f"s{wanted[0]}"
    match pressed.action:
        case "sign":
            state, messages = await signups.sign_up(connection, person, wanted[0])
            notices: Mapping[State | None, Text] = {
                "signed": participant_texts.SIGNED_UP, "waiting": participant_texts.IN_QUEUE,
            }  # fmt: skip
            return Next("healing", at, notices.get(state), messages=messages)
        case "accept":
            is_taken, messages = await signups.accept(connection, person, wanted[0])
            notice = participant_texts.SIGNED_UP if is_taken else participant_texts.OFFER_OVER
            return Next("healing", at, notice, messages=messages)
        case "leave":
            has_left, messages = await signups.leave(connection, person, wanted[0])
            return Next("healing", at, participant_texts.LEFT if has_left else None, messages=messages)
    raise Stale


def _label(session: HealingSession, language: Language) -> str:
    """«✅ сб, 13 сентября, 10:00 · 3 места»."""
    when = formats.day(session.date, None, session.time_start, language)
    if session.is_cancelled:
        return f"✖️ {when} · {texts.CANCELLED.in_(language)}"
    free = "" if session.free is None else f" · {_places(session.free, language)}"
    return f"{_SIGNS.get(session.state, '▫️')} {when}{free}"


def _places(free: int, language: Language) -> str:
    return participant_texts.PLACES.counted(free, language) if free else participant_texts.SHORT_FULL.in_(language)


def _card(data: Data, language: Language) -> View:
    [session] = data.sessions
    when = formats.day(session.date, None, session.time_start, language)
    lines = [f"<b>{texts.HEALING_SESSION.in_(language)}</b>", f"<s>{when}</s>" if session.is_cancelled else when]
    if session.is_cancelled:
        lines.append(texts.CANCELLED.in_(language))
    if session.note:
        lines += ["", escape(shorten_at_word(session.note, MAX_NOTE))]
    if not session.is_cancelled:
        lines += _places_left(session, language) + ([] if data.is_staff else _standing(session, data.now, language))
        lines += _zone(data, language)
    lines += _people(data, language)
    rows = () if data.is_staff or session.is_cancelled or session.has_begun else _choices(session, language)
    return View("\n".join(lines), (*rows, buttons.back(language, "healing")))


def _places_left(session: HealingSession, language: Language) -> list[str]:
    """How many places there are, and how many people wait; whoever was offered one has it."""
    if session.free is None or session.state == "offered":
        return []
    free = participant_texts.FREE if session.free else participant_texts.FULL
    lines = ["", free.in_(language).format(places=participant_texts.PLACES.counted(session.free, language))]
    return [*lines, participant_texts.QUEUE.in_(language).format(count=session.waiting)] if session.waiting else lines


def _standing(session: HealingSession, now: datetime, language: Language) -> list[str]:
    """What the person has, or may do."""
    if state := participant_texts.STATES.get(session.state or ""):
        until = session.offer_until.astimezone(now.tzinfo) if session.offer_until else now
        shown = formats.day(until.date(), None, until.time(), language)
        return ["", state.in_(language).format(ahead=session.ahead, until=shown)]
    may_wait = session.free == 0 and not session.has_begun
    return ["", participant_texts.WAIT_HELP.in_(language)] if may_wait else []


def _zone(data: Data, language: Language) -> list[str]:
    return ["", texts.ZONE.in_(language).format(zone=formats.zone(data.timezone, data.now))]


def _choices(session: HealingSession, language: Language) -> Rows:
    def button(text: Text, action: str) -> tuple[Button, ...]:
        return (Button(text.in_(language), buttons.data("healing", action, session.id)),)

    match session.state:
        case "signed":
            return (button(participant_texts.CANCEL_SIGNUP, "leave"),)
        case "offered":
            return (button(participant_texts.ACCEPT, "accept"), button(participant_texts.DECLINE, "leave"))
        case "waiting":
            taking = () if session.free == 0 else (button(participant_texts.SIGN_UP, "sign"),)
            return (*taking, button(participant_texts.LEAVE_QUEUE, "leave"))
    return (button(participant_texts.WAIT if session.free == 0 else participant_texts.SIGN_UP, "sign"),)


def _people(data: Data, language: Language) -> list[str]:
    """Who comes and who waits, for staff."""
    if not data.people:
        return []
    lines = []
    for title, is_waiting in ((participant_texts.HAS_PLACE, False), (participant_texts.WAITING, True)):
        names = [
            f"{_SIGNS[signup.state]} {escape(shorten(signup.name, MAX_NAME))}"
            for signup in data.people
            if (signup.state == "waiting") == is_waiting
        ]
        lines += ["", f"<b>{title.in_(language)}</b>", *names] if names else []
    [session] = data.sessions
    rest = session.taken + session.waiting - len(data.people)
    return [*lines, participant_texts.MORE_PEOPLE.in_(language).format(count=rest)] if rest > 0 else lines
