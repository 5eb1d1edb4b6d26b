"""The state of the stand-in: bots, chats, messages, callback queries."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.faults import Faults
from infra.sandbox.telegram.journal import Journal

if TYPE_CHECKING:
    from infra.sandbox.telegram.files.by_url import Fetched
    from infra.sandbox.telegram.files.received import StoredFile
    from infra.sandbox.telegram.limits import Limits

Json = dict[str, Any]

_TOKEN = re.compile(r"[0-9]{1,15}:[A-Za-z0-9_-]{35}")
_SUPERGROUPS_BELOW = -1_000_000_000_000
_MAX_MESSAGES = 200_000
_MAX_CALLBACKS = 10_000
_CALLBACK_SECONDS = 150
# Exactly 35 characters after a digit and a colon; a UUID is longer and stays.
_SECRET_PART = re.compile(r"(?<=[0-9])(?::|%3[Aa])[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")


@dataclass(slots=True)
class Webhook:
    """A bot's webhook, as setWebhook has set it."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bot:
    """A bot; it is created by the first call with its token."""

    id: int
    first_name: str
    username: str
    revoked: bool = False
    limits: Limits | None = None
    webhook: Webhook | None = None
    webhook_error: tuple[int, str] | None = None
    update_id: int = 100_000_000
    pending: deque[Json] = field(default_factory=lambda: deque(maxlen=10_000))
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def public(self) -> Json:
        """The User object of the bot."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the service message that created it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A chat, and what bots may do in it."""

    id: int
    bot: int
    type: str
    title: str
    is_forum: bool | None = None
    known: bool = True
    blocked: str | None = None
    migrated_to: int | None = None
    bot_status: str = "administrator"
    manages_topics: bool = True  # whether the bot has that right
    members_write: bool = True  # what holds for a bot that is no administrator
    members_send_files: bool = True
    last_id: int = 0
    touched: int = 0
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)

    def public(self) -> Json:
        """The Chat object of the Bot API."""
        name = "first_name" if self.type == "private" else "title"
        shown: Json = {"id": self.id, name: self.title}
        if self.is_forum:
            shown["is_forum"] = True
        return shown | {"type": self.type}


@dataclass(slots=True)
class Callback:
    """A callback query and the bot's answer to it."""

    bot: int
    pressed_at: float
    answer: Json | None = None


class Telegram:
    """The state behind the Bot API and the control surface."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.faults = Faults()
        self.bots: dict[int, Bot] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.files: dict[tuple[int, str], StoredFile] = {}
        self.fetched: dict[str, Fetched] = {}
        self._stored: deque[tuple[Chat, int]] = deque()
        self.reset()

    def reset(self) -> None:
        """Back to the empty state with the default settings."""
        self.journal.clear()
        self.faults.waiting.clear()
        self.bots.clear()
        self.chats.clear()
        self.callbacks.clear()
        self.files.clear()
        self.fetched.clear()
        self._stored.clear()
        self.latency = 0.0
        self.strict_chats = False
        self.fetches_files = False
        self._touches = 0
        self._callback_number = 4_100_000_000_000_000_000

    def bot(self, token: str) -> Bot:
        """The bot of a token. Raises ApiError as the real server answers."""
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        bot = self.bot_of(int(token.partition(":")[0]))
        if bot.revoked:
            raise ApiError(401, "Unauthorized: invalid token specified")
        return bot

    def bot_of(self, number: int) -> Bot:
        """The bot with this id, created on first use."""
        bot = self.bots.get(number)
        if bot is None:
            bot = Bot(number, f"Бот {number}", f"sandbox_{number}_bot")
            self.bots[number] = bot
        return bot

    def chat(self, bot: int, chat_id: int) -> Chat | None:
        """The chat as this bot has it (private chats are per bot, groups are shared); None when it is unknown."""
        key = (bot if chat_id > 0 else 0, chat_id)
        chat = self.chats.get(key)
        if chat is None:
            # A private chat begins with the settings that the person has for all bots.
            model = self.chats.get((0, chat_id))
            if model is None and self.strict_chats:
                return None
            chat = replace(model, bot=bot, messages={}, topics={}) if model else _new_chat(*key)
            self.chats[key] = chat
        return chat if chat.known else None

    def configure(self, chat_id: int, bot: int | None, changes: Json) -> None:
        """Set fields of a chat, for one bot or for all."""
        # Groups are shared. Without a bot a person's settings hold for all bots, also for those to come.
        key = (bot or 0 if chat_id > 0 else 0, chat_id)
        self.chats.setdefault(key, _new_chat(*key))
        for (owner, number), chat in self.chats.items():
            if number == chat_id and (key[0] in (0, owner)):
                for name, value in changes.items():
                    setattr(chat, name, value)

    def post(self, chat: Chat, sender: Json, content: Json, topic: Topic | None = None) -> Json:
        """Add a message to a chat; the Message object."""
        chat.last_id += 1
        message: Json = {
            "message_id": chat.last_id,
            "from": sender,
            "chat": chat.public(),
            "date": int(time.time()),
        }
        if topic:
            message["message_thread_id"] = topic.id or chat.last_id
        message |= content
        if topic:
            message["is_topic_message"] = True
        chat.messages[chat.last_id] = message
        self.touch(chat)
        self._stored.append((chat, chat.last_id))
        if len(self._stored) > _MAX_MESSAGES:
            old, number = self._stored.popleft()
            old.messages.pop(number, None)
        return message

    def touch(self, chat: Chat) -> None:
        """Make this the latest chat."""
        self._touches += 1
        chat.touched = self._touches

    def new_callback(self, bot: int) -> str:
        """The id of a new callback query."""
        self._callback_number += 1
        number = str(self._callback_number)
        self.callbacks[number] = Callback(bot, time.monotonic())
        if len(self.callbacks) > _MAX_CALLBACKS:
            del self.callbacks[next(iter(self.callbacks))]
        return number

    def callback(self, bot: int, number: str) -> Callback | None:
        """The query, if this bot can still answer it."""
        found = self.callbacks.get(number)
        if found is None or found.bot != bot:
            return None
        return found if time.monotonic() - found.pressed_at < _CALLBACK_SECONDS else None


def mask_tokens(text: str) -> str:
    """`text` without the secret part of any bot token."""
    return _SECRET_PART.sub(":***", text)


def _new_chat(bot: int, chat_id: int) -> Chat:
    if chat_id > 0:
        return Chat(chat_id, bot, "private", f"Собеседник {chat_id}")
    kind = "supergroup" if chat_id < _SUPERGROUPS_BELOW else "group"
    return Chat(chat_id, bot, kind, f"Группа {chat_id}")
