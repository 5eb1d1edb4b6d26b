"""Materials: a list, then one of them with its file. `at` is the page, or "m" and the material's id."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View, stored
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"
PAGE = 8
MAX_PAGE = 1000
MAX_BUTTON = 60

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Material:
    """A material; `body` and `files` (Telegram's ids) are read of an open one alone."""

    id: int
    title: str
    body: str | None = None
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Data:
    """A page of materials, or the open one."""

    materials: Sequence[Material]
    page: int = 0
    has_next: bool = False
    is_open: bool = False


async def read(connection: Connection, _person: Person, at: str) -> Data | None:
    """The page, the newest first; None: there is no such material."""
    if at.startswith("m"):
        material = await _find(connection, at.removeprefix("m"))
        return Data([material], is_open=True) if material else None
    page = min(buttons.number(at), MAX_PAGE)
    rows = await sql.fetch_all(connection, _SQL["page"], {"offset": page * PAGE, "most": PAGE + 1})
    found = [Material(**row) for row in rows]
    return Data([material for place, material in enumerate(found) if place < PAGE], page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """A button each, or the words of the open one."""
    if data.is_open:
        [material] = data.materials
        file = (Button(texts.SEND_FILE.in_(language), buttons.data("materials", "file", material.id)),)
        rows = ((file,) if material.files else ()) + (buttons.back(language, "materials"),)
        return View(f"<b>{escape(material.title)}</b>\n\n{escape(material.body or '')}".strip(), rows)
    text = texts.MATERIALS if data.materials else texts.NO_MATERIALS
    rows = tuple(
        (Button(shorten(material.title, MAX_BUTTON), buttons.data("materials", "open", f"m{material.id}")),)
        for material in data.materials
    )
    turning = buttons.pages(language, "materials", data.page, has_next=data.has_next)
    return View(text.in_(language), (*rows, *turning, buttons.back(language)))


async def press(connection: Connection, _person: Person, pressed: Pressed, _at: str) -> Next:
    """Send the files."""
    material = await _find(connection, pressed.argument) if pressed.action == "file" else None
    if material is None or not material.files:
        raise Stale
    return Next("materials", f"m{material.id}", texts.FILE_SENT, stored(material.files, material.title))


async def _find(connection: Connection, identity: str) -> Material | None:
    row = await sql.fetch_optional(connection, _SQL["find"], {"id": buttons.number(identity)})
    return Material(**row) if row else None
