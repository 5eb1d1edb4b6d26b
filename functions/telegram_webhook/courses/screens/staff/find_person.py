"""Staff find a person by any part of a name, and invite whoever has no Telegram account here yet.

`at` is "?" and what was written, or "u" and the person's id, and after a dot the token of a new invitation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import staff_texts
from functions.telegram_webhook.courses.data import invitations
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "home"
MAX_FOUND = 10
MAX_WRITTEN, MAX_BUTTON = 60, 60  # characters

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Found:
    """A person of the school."""

    id: int
    name: str
    role: str
    place: str  # the cohort and the stream
    has_account: bool


@dataclass(frozen=True)
class Data:
    """What was looked for and found; `is_open`: the one person, with the link of a new invitation."""

    written: str
    found: Sequence[Found]
    is_open: bool = False
    link: str = ""


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """Who is found; None: the open person is gone."""
    if not at.startswith("u"):
        written = at.removeprefix("?")
        return Data(written, await _find(connection, text=written) if written else [])
    identity, _, token = at.removeprefix("u").partition(".")
    found = await _find(connection, id=buttons.number(identity))
    link = await invitations.link(connection, person, token) if token else ""
    return Data("", found, is_open=True, link=link) if found else None


def view(data: Data, language: Language) -> View:
    """A button each, or the one person."""
    if data.is_open:
        return _card(data, language)
    if not data.written:
        return View(staff_texts.WRITE_A_NAME.in_(language), (buttons.back(language),))
    text = staff_texts.FOUND if data.found else staff_texts.NOBODY_FOUND
    rows = tuple(
        (Button(shorten(_title(found), MAX_BUTTON), buttons.data("find_person", "open", f"u{found.id}")),)
        for place, found in enumerate(data.found)
        if place < MAX_FOUND
    )
    lines = [text.in_(language).format(written=escape(data.written))]
    if len(data.found) > MAX_FOUND:
        lines.append(staff_texts.MORE_FOUND.in_(language))
    return View("\n".join(lines), (*rows, buttons.back(language)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Invite somebody who has no account here."""
    wanted = buttons.numbers(pressed.argument, 1)
    found = await _find(connection, id=wanted[0]) if pressed.action == "invite" and wanted else []
    if not found or found[0].has_account or person.user_id is None:
        raise Stale
    token = await invitations.create(connection, found[0].id, person.user_id)
    return Next("find_person", f"u{found[0].id}.{token}", staff_texts.INVITED)


async def write(_connection: Connection, _person: Person, message: PrivateMessage, _at: str) -> Next:
    """Look for what was written."""
    return Next("find_person", f"?{shorten(' '.join(message.content.text.split()), MAX_WRITTEN)}")


def _card(data: Data, language: Language) -> View:
    [found] = data.found
    account = staff_texts.HAS_ACCOUNT if found.has_account else staff_texts.HAS_NO_ACCOUNT
    lines = [f"<b>{escape(found.name)}</b>", escape(found.place), account.in_(language)]
    if data.link:
        lines += ["", staff_texts.INVITATION.in_(language).format(days=invitations.DAYS, link=escape(data.link))]
    invite = (Button(staff_texts.INVITE.in_(language), buttons.data("find_person", "invite", found.id)),)
    rows = (() if found.has_account else (invite,)) + (buttons.back(language, "find_person"),)
    return View("\n".join(filter(None, lines)), rows)


def _title(found: Found) -> str:
    return f"{found.name} ({found.place})" if found.place else found.name


async def _find(connection: Connection, text: str = "", id: int = 0) -> list[Found]:  # noqa: A002 - as its column
    parameters = {"text": text, "id": id, "most": MAX_FOUND + 1}
    return [Found(**row) for row in await sql.fetch_all(connection, _SQL["find"], parameters)]
