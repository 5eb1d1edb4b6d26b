"""The state of the stand-in: bots, chats, messages, callback queries."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from infra.sandbox.changes import nobody
from infra.sandbox.inside.webhook_log import WebhookLog
from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.faults import Faults
from infra.sandbox.telegram.journal import Journal
from infra.sandbox.telegram.models import Bot, Callback, Chat, Json, Topic
from infra.sandbox.testing.events import Event, Events

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.sandbox.telegram.files.by_url import Fetched
    from infra.sandbox.telegram.files.stored import StoredFile
    from infra.sandbox.testing.events import Happening

_TOKEN = re.compile(r"[0-9]{1,15}:[A-Za-z0-9_-]{35}")
_SUPERGROUPS_BELOW = -1_000_000_000_000
_MAX_MESSAGES = 200_000
_MAX_CALLBACKS = 10_000
_CALLBACK_SECONDS = 150
_FIRST_UPDATE_ID, _FIRST_CALLBACK = 100_000_000, 4_100_000_000_000_000_000
# What a message may be; an animation is a document, too.
_KINDS = ("text", "photo", "animation", "video", "document", "audio", "voice", "sticker", "contact", "location")
# Exactly 35 characters after a digit and a colon; a UUID is longer and stays.
_SECRET_PART = re.compile(r"(?<=[0-9])(?::|%3[Aa])[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")


class Telegram:
    """The state behind the Bot API and the control surface."""

    def __init__(self, *, is_strict: bool = False, last_id: int = 0) -> None:
        """Bots store ids: those of an earlier run must not come again. They count on from `last_id`, a time in ns."""
        self._is_strict = is_strict
        second = last_id // 1_000_000_000  # what fits into 32 bits, as bots expect
        self._last_update_id = _FIRST_UPDATE_ID + second
        self._callback_number = _FIRST_CALLBACK + last_id
        self.last_id = second  # of the messages before the latest reset
        self.journal = Journal()
        self.faults = Faults()
        self.changed: Callable[[], None] = nobody
        self.webhook_log = WebhookLog()
        self.events = Events()
        self.bots: dict[int, Bot] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.people: dict[int, Json] = {}  # the User objects of those who did something
        self.files: dict[tuple[int, str], StoredFile] = {}
        self.fetched: dict[str, Fetched] = {}
        self.stored: deque[tuple[Chat, int]] = deque()
        self.touches = 0
        self.reset()

    def reset(self) -> None:
        """Forget chats, calls and faults. The bots stay, with their webhooks; ids that they may know come to nobody."""
        self.journal.clear()
        self.faults.waiting.clear()
        self.stop()
        for bot in self.bots.values():
            bot.pending.clear()
            bot.webhook_error = bot.limits = None
            bot.revoked = False
        self.last_id = max((chat.last_id for chat in self.chats.values()), default=self.last_id)
        self.chats.clear()
        self.callbacks.clear()
        self.people.clear()
        self.files.clear()
        self.fetched.clear()
        self.stored.clear()
        self.latency = 0.0
        self.redelivery_seconds = 1.0  # between two tries to deliver an update, at first
        self.strict_chats = self.strict_files = self.fetches_files = self._is_strict
        self.changed()

    def stop(self) -> None:
        """Deliver nothing more."""
        for bot in self.bots.values():
            if bot.redelivery:
                bot.redelivery.cancel()

    def bot(self, token: str) -> Bot:
        """The bot of a token. Raises ApiError as the real server answers."""
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token.startswith("0"):
            raise ApiError(401, "Unauthorized: invalid token specified")
        bot = self.bot_of(int(token.partition(":")[0]))
        if bot.revoked:
            raise ApiError(401, "Unauthorized: invalid token specified")
        return bot

    def bot_of(self, number: int) -> Bot:
        """The bot with this id, created on first use."""
        bot = self.bots.get(number)
        if bot is None:
            bot = Bot(number, f"Бот {number}", f"sandbox_{number}_bot", update_id=self._last_update_id)
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
            own: Json = {"bot": bot, "messages": {}, "topics": {}, "pinned": [], "reactions": {}}
            chat = replace(model, **own) if model else self._new_chat(*key)
            self.chats[key] = chat
        return chat if chat.known else None

    def open_chat(self, bot: int, chat_id: int) -> Chat | None:
        """The chat in which somebody writes: a private one begins with that; None when it is marked unknown."""
        if chat_id > 0 and (0, chat_id) not in self.chats:
            self.chats.setdefault((bot, chat_id), self._new_chat(bot, chat_id))
        return self.chat(bot, chat_id)

    def chat_called(self, bot: int, username: str) -> Chat | None:
        """The group or channel with this @username."""
        for chat in self.chats.values():
            if chat.username and chat.username.lower() == username.lower() and chat.bot in (0, bot):
                return chat
        return None

    def configure(self, chat_id: int, bot: int | None, changes: Json) -> None:
        """Set fields of a chat, for one bot or for all."""
        # Groups are shared. Without a bot a person's settings hold for all bots, also for those to come.
        key = (bot or 0 if chat_id > 0 else 0, chat_id)
        self.chats.setdefault(key, self._new_chat(*key))
        for (owner, number), chat in self.chats.items():
            if number == chat_id and (key[0] in (0, owner)):
                for name, value in changes.items():
                    setattr(chat, name, value)
        self.changed()

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
        self._happened(chat, message, "sent")
        self.stored.append((chat, chat.last_id))
        if len(self.stored) > _MAX_MESSAGES:
            old, number = self.stored.popleft()
            old.messages.pop(number, None)
        return message

    def change(self, chat: Chat, message: Json) -> None:
        """Put a changed message in the place of the one before. A new object, because others hold the old one."""
        chat.messages[message["message_id"]] = message
        self._happened(chat, message, "edited")

    def delete(self, chat: Chat, number: int) -> None:
        """Remove a message."""
        self._happened(chat, chat.messages.pop(number), "deleted")

    def _happened(self, chat: Chat, message: Json, happening: Happening) -> None:
        self.touch(chat)
        sender = message["from"]
        owner = chat.bot or (sender["id"] if sender["is_bot"] else "")
        kind = next((kind for kind in _KINDS if kind in message), "service")
        text = message.get("text") or message.get("caption") or ""
        thread = message.get("message_thread_id")
        about = (str(owner), str(chat.id), sender["is_bot"], kind, text, message, thread)
        self.events.add(Event("telegram", happening, *about))

    def touch(self, chat: Chat) -> None:
        """Make this the latest chat."""
        self.touches += 1
        chat.touched = self.touches
        self.changed()

    def new_callback(self, bot: int, chat: Chat) -> str:
        """The id of a new callback query."""
        self._callback_number += 1
        number = str(self._callback_number)
        self.callbacks[number] = Callback(bot, chat.id, time.monotonic())
        if len(self.callbacks) > _MAX_CALLBACKS:
            del self.callbacks[next(iter(self.callbacks))]
        return number

    def callback(self, bot: int, number: str) -> Callback | None:
        """The query, if this bot can still answer it."""
        found = self.callbacks.get(number)
        if found is None or found.bot != bot:
            return None
        return found if time.monotonic() - found.pressed_at < _CALLBACK_SECONDS else None

    def answer(self, query: Callback, answer: Json) -> None:
        """Show the toast of a press."""
        query.answer = answer
        self.changed()
        about = (str(query.bot), str(query.chat), True, "toast", answer["text"], answer)
        self.events.add(Event("telegram", "toast", *about))

    def _new_chat(self, bot: int, chat_id: int) -> Chat:
        if chat_id > 0:
            kind, title = "private", f"Собеседник {chat_id}"
        else:
            kind, title = "supergroup" if chat_id < _SUPERGROUPS_BELOW else "group", f"Группа {chat_id}"
        return Chat(chat_id, bot, kind, title, last_id=self.last_id)


def mask_tokens(text: str) -> str:
    """`text` without the secret part of any bot token."""
    return _SECRET_PART.sub(":***", text)
