"""The words or the file of a broadcast. `at` is its id; empty: a new one, of which nothing is stored before.

Of one that was sent the text alone can be changed; that is asked once more on its card.
"""

from dataclasses import dataclass

from functions.telegram_webhook.courses.broadcasts import texts
from functions.telegram_webhook.courses.data import broadcasts
from functions.telegram_webhook.courses.data.broadcasts import Broadcast, Content
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.screen import Next, View
from functions.telegram_webhook.courses.screens.broadcast.broadcast import sample
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.channels import telegram_html
from shared.courses import broadcast_message
from shared.courses.broadcast_message import Sender
from shared.database.pool import Connection
from shared.i18n.texts import Language, Text

AUDIENCE, PARENT = "staff", "broadcasts"


@dataclass(frozen=True)
class Data:
    """How much may be written; `id` None: of a new one; `is_sent`: of one that went out."""

    id: int | None
    is_sent: bool
    room: int
    room_with_file: int


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """The room; None: there is no such broadcast, or its text cannot be changed any more."""
    broadcast = await broadcasts.find(connection, person, buttons.number(at)) if at else None
    if at and (broadcast is None or broadcast.is_withdrawn):
        return None
    sender = broadcasts.sender(person, broadcast)
    room, with_file = (broadcast_message.room(sender, has_files=has_files) for has_files in (False, True))
    return Data(broadcast.id if broadcast else None, _is_sent(broadcast), room, with_file)


def view(data: Data, language: Language) -> View:
    """What is to be sent here."""
    text = texts.WRITE_NEW_TEXT if data.is_sent else texts.WRITE_CONTENT
    shown = text.in_(language).format(room=data.room, room_with_file=data.room_with_file)
    back = buttons.back(language, "broadcast", data.id) if data.id else buttons.back(language, "broadcasts")
    return View(shown, (back,))


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """Take the words with their formatting, and the file, or the first one of an album."""
    broadcast = await broadcasts.find(connection, person, buttons.number(at)) if at else None
    if broadcast and not broadcast.is_draft:
        return await _take_new_text(connection, person, broadcast, message.html)
    file = message.sent_file
    title = _title(message.html) or texts.WITHOUT_TITLE.in_(person.language)
    content = Content(title, message.html, [file.id] if file else [], file.mime if file else None)
    if refused := _refused(content, broadcasts.sender(person, broadcast)):
        return Next("broadcast_text", at, refused)
    identity = await broadcasts.save_content(connection, person, broadcast, content)
    saved = await broadcasts.find(connection, person, identity)
    notice = texts.ALBUM_TAKEN if file and message.album else None
    return Next("broadcast", str(identity), notice, messages=(sample(person, saved),) if saved else ())


async def _take_new_text(connection: Connection, person: Person, broadcast: Broadcast, html: str) -> Next:
    """Of one that was sent; a file stays as it is."""
    content = Content("", html, broadcast.files)
    if refused := texts.NOTHING_TO_SEND if not html else _refused(content, broadcasts.sender(person, broadcast)):
        return Next("broadcast_text", str(broadcast.id), refused)
    await broadcasts.set_new_body(connection, broadcast, html)
    return Next("broadcast", f"{broadcast.id}.replace")


def _refused(content: Content, sender: Sender) -> Text | None:
    """Why this cannot be sent; None: it can."""
    if not content.body and not content.files:
        return texts.NOTHING_TO_SEND
    if telegram_html.length(content.body) > broadcast_message.room(sender, has_files=bool(content.files)):
        return texts.TOO_LONG
    return None


def _is_sent(broadcast: Broadcast | None) -> bool:
    return broadcast is not None and not broadcast.is_draft


def _title(html: str) -> str:
    """The first line, without its tags."""
    return telegram_html.strip_tags(html).strip().partition("\n")[0].strip()
