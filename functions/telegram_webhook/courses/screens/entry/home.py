"""The first screen: what there is for whoever looks."""

from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import staff_texts, texts
from functions.telegram_webhook.courses.data.people import Person, Role
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"


@dataclass(frozen=True)
class Data:
    """Whoever looks, and their school."""

    school: str
    name: str
    role: Role


async def read(_connection: Connection, person: Person, _at: str) -> Data:
    """The person."""
    return Data(person.school, person.name, person.role)


def view(data: Data, language: Language) -> View:
    """Buttons by role."""
    greeting = texts.HELLO if data.name else texts.HELLO_NAMELESS
    lines = [f"<b>{escape(data.school)}</b>", "", greeting.in_(language).format(name=escape(data.name))]
    menu = {**texts.MENU}
    if data.role != "user":
        menu = {**staff_texts.STAFF_MENU, **(staff_texts.ADMIN_MENU if data.role == "admin" else {}), **menu}
    rows = tuple((Button(title.in_(language), buttons.data(screen)),) for screen, title in menu.items())
    return View("\n".join(lines), rows)
