"""What updates mean to us."""

from dataclasses import dataclass
from typing import Any

from functions.telegram_webhook.updates.content import NO_CONTENT, Content, SentFile
from shared.i18n.texts import DEFAULT_LANGUAGE, Language
from shared.support.actor import Actor


@dataclass(frozen=True)
class Ignored:
    """An update that means nothing to us, and why."""

    reason: str


@dataclass(frozen=True)
class ChatReopened:
    """A chat can be written to again."""

    chat_id: int
    language: Language = DEFAULT_LANGUAGE  # of whoever opened it


@dataclass(frozen=True)
class ChatClosed:
    """A person has blocked the bot."""

    chat_id: int


@dataclass(frozen=True)
class ChatMigrated:
    """A group became a supergroup."""

    old_chat_id: int
    new_chat_id: int


@dataclass(frozen=True)
class MemberLeft:
    """A person left a group, or was made to."""

    chat_id: int
    telegram_id: int


@dataclass(frozen=True)
class Contact:
    """A contact that somebody sent: the phone as Telegram has it, and whose it is, if Telegram knows."""

    telegram_id: int | None
    phone: str


@dataclass(frozen=True)
class PrivateMessage:
    """A person wrote to the bot alone; `is_start`: they pressed Start. Their chat has their id.

    `start_argument` is that of the link t.me/<bot>?start=<argument> by which they came.
    """

    update_id: int
    chat_id: int
    is_start: bool
    username: str = ""
    language: Language = DEFAULT_LANGUAGE
    content: Content = NO_CONTENT
    start_argument: str = ""
    contact: Contact | None = None
    album: str = ""  # the same for all messages of one

    @property
    def words(self) -> str:
        """What was written, if that is all: not what goes with a file, a sticker or a contact."""
        is_more = self.content.file or self.content.left_out or self.contact
        return "" if is_more else self.content.text

    html: str = ""  # the words with their formatting
    sent_file: SentFile | None = None


@dataclass(frozen=True)
class PrivateEdit:
    """A person has edited what they wrote to the bot alone."""

    update_id: int
    chat_id: int


@dataclass(frozen=True)
class MessageRef:
    """A message of a chat; `thread_id` when it is in a forum's topic."""

    chat_id: int
    message_id: int
    thread_id: int | None = None


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button.

    `message` is the one that has the button; None when Telegram names the press by `inline_message_id` alone. One that
    is out of the bot's reach (`in_reach` False) is known by its place only.
    """

    update_id: int
    query_id: str
    message: MessageRef | None
    data: Any
    by: Actor
    in_reach: bool = True


@dataclass(frozen=True)
class TopicMessage:
    """A person wrote in a topic."""

    update_id: int
    message: MessageRef
    content: Content
    album: str  # the same for all messages of one
    by: Actor


@dataclass(frozen=True)
class Edited:
    """A message in a topic may have been edited: reactions come as edits, too."""

    update_id: int
    message: MessageRef
    content: Content
    by: Actor


@dataclass(frozen=True)
class Handover:
    """A person opened a handover by /handover in a topic."""

    update_id: int
    message: MessageRef
    by: Actor


@dataclass(frozen=True)
class Stats:
    """A person asked for the numbers: /stats."""

    update_id: int
    message: MessageRef
    by: Actor


SupportEvent = TopicMessage | Edited | Handover | Stats
# What the bot's system reacts to.
Event = Press | SupportEvent | PrivateMessage | PrivateEdit | ChatReopened | ChatClosed
AnyEvent = Event | ChatMigrated | MemberLeft | Ignored
