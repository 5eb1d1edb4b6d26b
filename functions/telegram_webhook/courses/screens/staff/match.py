"""Requests of accounts that the school does not know: a curator says who it is, or that it is nobody.

`at` is the id of a request; empty: all that are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from html import escape

from functions.telegram_webhook.courses import formats, match_texts
from functions.telegram_webhook.courses.data import matches
from functions.telegram_webhook.courses.data.matches import Candidate, Request
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.notices import notice
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "home"
MAX_SHOWN = 20
MAX_BUTTON = 60


@dataclass(frozen=True)
class Data:
    """The open requests, or the one that is looked at; moments are shown in `zone`."""

    requests: Sequence[Request]
    zone: tzinfo | None
    is_open: bool = False


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """As it is now; None: there is no such request any more."""
    if not at:
        return Data(await matches.open_requests(connection, MAX_SHOWN), person.now.tzinfo)
    found = await matches.find(connection, buttons.number(at))
    return Data([found], person.now.tzinfo, is_open=True) if found else None


def view(data: Data, language: Language) -> View:
    """A button each, or the one with a button for everybody whom it may be."""
    if data.is_open:
        return _card(data.requests[0], data.zone, language)
    text = match_texts.REQUESTS if data.requests else match_texts.NO_REQUESTS
    rows = tuple(
        (Button(shorten(request.written, MAX_BUTTON), buttons.data("match", "open", request.id)),)
        for request in data.requests
    )
    return View(text.in_(language), (*rows, buttons.back(language)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Say who it is, or that it is nobody; whoever was first has said it."""
    if pressed.action == "yes" and (wanted := buttons.numbers(pressed.argument, 2)):
        request, user = wanted
        account = await matches.accept(connection, person, request, user)
        answer = notice(person, account, f"match/{request}", match_texts.ACCEPTED, match_texts.OPEN, "home")
        said = match_texts.MATCHED
    elif pressed.action == "no" and (wanted := buttons.numbers(pressed.argument, 1)):
        [request] = wanted
        account = await matches.decline(connection, person, request)
        answer = notice(person, account, f"match/{request}", match_texts.DECLINED, match_texts.AGAIN, "join")
        said = match_texts.TURNED_DOWN
    else:
        raise Stale
    return Next("match", str(request), said if account else match_texts.DECIDED_BEFORE, messages=answer)


def _card(request: Request, zone: tzinfo | None, language: Language) -> View:
    lines = [
        f"<b>{match_texts.WHO_IS_IT.in_(language)}</b>", "",
        match_texts.WRITTEN.in_(language).format(written=escape(request.written)),
    ]  # fmt: skip
    if request.username:
        lines.append(f"Telegram: @{escape(request.username)}")
    lines.append("")
    if request.state != "open":
        return View("\n".join([*lines, _decision(request, zone, language)]), (buttons.back(language, "match"),))
    lines.append((match_texts.CANDIDATES if request.candidates else match_texts.NO_CANDIDATES).in_(language))
    rows = tuple((_candidate(request, candidate),) for candidate in request.candidates)
    nobody = Button(match_texts.NOBODY.in_(language), buttons.data("match", "no", request.id))
    return View("\n".join(lines), (*rows, (nobody,), buttons.back(language, "match")))


def _candidate(request: Request, candidate: Candidate) -> Button:
    """«✅ Иванова Анна (Осень)»."""
    name = f"{candidate.name} ({candidate.place})" if candidate.place else candidate.name
    return Button(f"✅ {shorten(name, MAX_BUTTON)}", buttons.data("match", "yes", request.id, candidate.id))


def _decision(request: Request, zone: tzinfo | None, language: Language) -> str:
    """What was decided, when and by whom."""
    decision = (
        match_texts.DECISIONS[request.state]
        .in_(language)
        .format(person=escape(request.person), by=escape(request.decided_by or formats.DASH))
    )
    if request.decided_at is None:
        return decision
    at = request.decided_at.astimezone(zone)
    return f"{decision}\n{formats.day(at.date(), None, at.time(), language)}"
