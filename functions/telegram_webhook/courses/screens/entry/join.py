"""Who somebody is that the school does not know by their Telegram account: their own contact says it."""

from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data import people
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog.screen import Next, View
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "anybody", "home"


@dataclass(frozen=True)
class Data:
    """The school."""

    school: str


async def read(_connection: Connection, person: Person, _at: str) -> Data | None:
    """Nothing of the person: nothing is known yet."""
    return Data(person.school) if person.user_id is None else None


def view(data: Data, language: Language) -> View:
    """How to be recognised."""
    text = texts.WHO_ARE_YOU.in_(language).format(school=escape(data.school))
    return View(text, contact=texts.SEND_CONTACT.in_(language))


async def write(connection: Connection, person: Person, message: PrivateMessage, _at: str) -> Next:
    """Match somebody's own contact by its phone: another person's says nothing about who has sent it."""
    contact = message.contact
    if contact is None:
        return Next("join", notice=texts.ONLY_CONTACT)
    if contact.telegram_id != person.telegram_id:
        return Next("join", notice=texts.FOREIGN_CONTACT)
    if await people.match_contact(connection, person, message.username, contact.phone):
        return Next("home", notice=texts.RECOGNISED)
    return Next("join", notice=texts.UNKNOWN_PHONE)
