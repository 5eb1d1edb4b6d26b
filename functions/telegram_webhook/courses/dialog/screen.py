"""What screens are made of."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog.buttons import Pressed, Rows
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.i18n.texts import Language, Text

# Anybody who writes; people of the school who agreed to be one; participants and staff; staff; administrators.
Audience = Literal["anybody", "member", "staff", "admin"]


@dataclass(frozen=True)
class View:
    """What is shown: a text in HTML and rows of buttons; `contact` is the text of a button that sends one's contact."""

    text: str
    rows: Rows = ()
    contact: str = ""


@dataclass(frozen=True)
class File:
    """A file of our own making that is sent to whoever asked for it."""

    name: str
    mime: str
    content: str | bytes
    caption: str


@dataclass(frozen=True)
class StoredFile:
    """A file that the bot once got, by Telegram's id."""

    file_id: str
    caption: str


def stored(files: Sequence[str], caption: str) -> list[StoredFile]:
    """The files of a record, of which the first one has the caption."""
    return [StoredFile(file, "" if place else caption) for place, file in enumerate(files)]


@dataclass(frozen=True)
class Next:
    """The screen that follows; `at` says what of it, `notice` is a toast, or the first lines after words.

    `messages` go to others, whoever may see what of the screen. `in_new_message`: what was pressed stays as it is.
    """

    screen: str
    at: str = ""
    notice: Text | None = None
    files: Sequence[File | StoredFile] = ()
    messages: Sequence[Message] = ()
    in_new_message: bool = False


class Stale(Exception):
    """The button is old, forged, or wants what is not to be had: the current screen is drawn anew."""


class Screen(Protocol):
    """A module of `screens`."""

    AUDIENCE: Audience
    PARENT: str

    def read(self, connection: Connection, person: Person, at: str) -> Awaitable[Any]:
        """What is shown; None: there is no such thing."""

    def view(self, data: Any, language: Language) -> View:
        """How it is shown."""


class Pressable(Protocol):
    """A screen whose buttons do more than open screens."""

    def press(self, connection: Connection, person: Person, pressed: Pressed, at: str) -> Awaitable[Next]:
        """What follows from a press. Raises Stale."""


class Writable(Protocol):
    """A screen that takes words or contacts."""

    def write(self, connection: Connection, person: Person, message: PrivateMessage, at: str) -> Awaitable[Next]:
        """What follows from a message."""


class Extendable(Protocol):
    """A screen that takes the further messages of an album, too."""

    def add(self, connection: Connection, person: Person, message: PrivateMessage, at: str) -> Awaitable[None]:
        """Take one; nothing is answered to it."""


def may_see(person: Person, audience: Audience) -> bool:
    """Whether this person, by their role as it is now, may see a screen for `audience`."""
    if audience == "anybody":
        return True
    if person.user_id is None or person.due_consent is not None:
        return False
    return audience == "member" or person.role == "admin" or (audience == "staff" and person.role == "curator")


def pressable(screen: Screen) -> Pressable | None:
    """The screen, if its buttons do something."""
    return cast("Pressable", screen) if hasattr(screen, "press") else None


def writable(screen: Screen) -> Writable | None:
    """The screen, if it takes words."""
    return cast("Writable", screen) if hasattr(screen, "write") else None


def extendable(screen: Screen) -> Extendable | None:
    """The screen, if it takes whole albums."""
    return cast("Extendable", screen) if hasattr(screen, "add") else None
