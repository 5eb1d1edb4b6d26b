"""The sandbox page: one document without anything from elsewhere, and what it polls."""

from __future__ import annotations

import json
from heapq import nlargest
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.files.uploads import photo_owners
from infra.sandbox.telegram.state import mask_tokens

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat
    from infra.sandbox.telegram.state import Telegram

_CHATS_SHOWN = 60
_MESSAGES_SHOWN = 200


def page() -> str:
    """The document, with its style and its script inside."""
    parts = {name: (files(__package__) / name).read_text("utf-8") for name in _PARTS}
    style, script = parts["page.css"], parts["page.js"] + parts["whatsapp.js"]
    return parts["page.html"].replace("/*style*/", style).replace("/*script*/", script)


_PARTS = ("page.html", "page.css", "page.js", "whatsapp.js")


def view(telegram: Telegram, chosen: str) -> dict[str, Any]:
    """The latest chats, the messages of the chosen one, the latest answers to buttons."""
    shown = nlargest(
        _CHATS_SHOWN,
        # A private chat that belongs to no bot is only a model for those that do.
        (chat for chat in telegram.chats.values() if chat.bot or chat.id < 0),
        key=lambda chat: chat.touched,
    )
    keyed = {_key(chat): chat for chat in shown}
    chat = keyed.get(chosen) or next(iter(shown), None)
    answers = {
        number: query.answer for number, query in islice(reversed(telegram.callbacks.items()), 20) if query.answer
    }
    messages = _latest(chat, _MESSAGES_SHOWN) if chat else []
    content = {
        "chats": [_summary(telegram, key, chat) for key, chat in keyed.items()],
        "chosen": _key(chat) if chat else "",
        "messages": messages,
        "pictures": photo_owners(telegram, messages),
        "answers": answers,
    }
    safe: dict[str, Any] = json.loads(mask_tokens(json.dumps(content)))
    return safe


def _key(chat: Chat) -> str:
    return f"{chat.bot}:{chat.id}"


def _latest(chat: Chat, count: int) -> list[dict[str, Any]]:
    return list(islice(reversed(chat.messages.values()), count))[::-1]


def _summary(telegram: Telegram, key: str, chat: Chat) -> dict[str, Any]:
    last = _latest(chat, 1)
    bot = telegram.bots.get(chat.bot or _bot_in(chat))
    return {
        "key": key,
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "blocked": bool(chat.blocked),
        "bot": bot.id if bot else 0,
        "bot_name": bot.first_name if bot else "",
        "topics": [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()],
        "last": last[0] if last else None,
    }


def _bot_in(chat: Chat) -> int:
    """The bot that spoke last in a group: what is typed there goes to it."""
    senders = (message["from"] for message in islice(reversed(chat.messages.values()), 50))
    return next((sender["id"] for sender in senders if sender["is_bot"]), 0)
