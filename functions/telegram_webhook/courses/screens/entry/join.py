"""Who somebody is that the school does not know by their Telegram account.

Their own contact says it, or a curator, whom they ask by what the school calls them. `at` is "?", their username and
what they wrote, until they have sent it.
"""

from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import match_texts, texts
from functions.telegram_webhook.courses.data import matches, people
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.notices import shown_to
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.courses.screens.staff import match
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "anybody", "home"
MIN_WRITTEN, MAX_WRITTEN = 2, 60  # characters


@dataclass(frozen=True)
class Data:
    """The school; what the person has asked the staff, or has written and not sent yet."""

    school: str
    asked: str = ""
    written: str = ""


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """Nothing but what they have said of themselves."""
    if person.user_id is not None:
        return None
    _, written = _parts(at)
    return Data(person.school, await matches.own(connection, person), written)


def view(data: Data, language: Language) -> View:
    """How to be recognised, or what was asked."""
    if data.asked:
        text = match_texts.ASKED.in_(language).format(written=escape(data.asked))
        return View(text, ((Button(match_texts.WITHDRAW.in_(language), buttons.data("join", "withdraw")),),))
    if data.written:
        text = match_texts.ASK.in_(language).format(written=escape(data.written))
        send = Button(match_texts.SEND.in_(language), buttons.data("join", "ask"))
        return View(text, ((send,), (Button(match_texts.WRITE_ANEW.in_(language), buttons.data("join")),)))
    text = texts.WHO_ARE_YOU.in_(language).format(school=escape(data.school))
    return View(text, contact=texts.SEND_CONTACT.in_(language))


async def press(connection: Connection, person: Person, pressed: Pressed, at: str) -> Next:
    """Ask the staff what was written, or take it back."""
    username, written = _parts(at)
    if person.user_id is not None or person.due_consent is not None:
        raise Stale
    if pressed.action == "withdraw":
        await matches.withdraw(connection, person)
        return Next("join", notice=match_texts.WITHDRAWN)
    if pressed.action != "ask" or not written:
        raise Stale
    request = await matches.ask(connection, person, username, written)
    if request is None:
        return Next("join", notice=match_texts.TOO_MANY)
    return Next("join", messages=await _to_staff(connection, person, request))


async def write(connection: Connection, person: Person, message: PrivateMessage, _at: str) -> Next:
    """Match somebody's own contact by its phone: another person's says nothing about who has sent it."""
    contact = message.contact
    if contact is None:
        return await _named(connection, person, message)
    if contact.telegram_id != person.telegram_id:
        return Next("join", notice=texts.FOREIGN_CONTACT)
    if await people.match_contact(connection, person, message.username, contact.phone):
        await matches.withdraw(connection, person)
        return Next("home", notice=texts.RECOGNISED)
    return Next("join", notice=texts.UNKNOWN_PHONE)


async def _named(connection: Connection, person: Person, message: PrivateMessage) -> Next:
    """Words are what the school calls them, perhaps: they are asked whether to send it to the staff."""
    written = shorten(" ".join(message.words.split()), MAX_WRITTEN)
    if len(written) < MIN_WRITTEN:
        return Next("join", notice=texts.ONLY_CONTACT)
    if await matches.own(connection, person):
        return Next("join", notice=match_texts.ASKED_ALREADY)
    return Next("join", f"?{message.username} {written}")


def _parts(at: str) -> tuple[str, str]:
    """The username and what was written; empty where it was not."""
    username, _, written = at.removeprefix("?").partition(" ") if at.startswith("?") else ("", "", "")
    return username, written


async def _to_staff(connection: Connection, person: Person, request_id: int) -> list[Message]:
    """The request for every curator and administrator. It says the same to each, whoever fits or not."""
    found = await matches.find(connection, request_id)
    if found is None:
        return []
    card = match.view(match.Data([found], person.now.tzinfo, is_open=True), person.language)
    return [shown_to(person, chat, f"match/{request_id}", card) for chat in await matches.staff(connection)]
