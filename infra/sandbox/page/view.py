"""What the page shows: the latest chats of all messengers, and the messages of the chosen one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.files.uploads import photo_owners
from infra.sandbox.telegram.state import mask_tokens
from infra.sandbox.whatsapp.view import view as whatsapp_view

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json
    from infra.sandbox.telegram.state import Telegram
    from infra.sandbox.whatsapp.state import WhatsApp

MAX_CHATS = 60
MIN_MESSAGES, MAX_MESSAGES = 100, 10_000
_SPEAKERS_SOUGHT = 500  # messages of a group in which its people are looked for


@dataclass(frozen=True)
class Window:
    """Which messages of a chat are shown: `count` up to the one with the id `until`, of the topic `thread` alone."""

    count: int = MIN_MESSAGES
    until: str = ""  # none: up to the latest
    thread: int = 0  # none: of all


def view(telegram: Telegram, whatsapp: WhatsApp, chosen: str, window: Window) -> Json:
    """Chats, the messages of the chosen one (else of the latest) in `window`, and who can write where."""
    shown = {_key(chat): chat for chat in _latest_chats(telegram)}
    phones = whatsapp_view(whatsapp, chosen, window.count, window.until)
    chats = [_summary(telegram, key, chat) for key, chat in shown.items()] + phones["chats"]
    chats.sort(key=lambda chat: chat["last"]["date"] if chat["last"] else 0, reverse=True)
    if chats and chosen not in {chat["key"] for chat in chats}:
        chosen = chats[0]["key"]
        window = Window(window.count)
        phones = whatsapp_view(whatsapp, chosen, window.count)
    chat = shown.get(chosen)
    found = _seen(chat, window) if chat else phones
    messages = found["messages"]
    content = {
        "chats": chats,
        "chosen": chosen,
        "messages": messages,
        "has_earlier": found["has_earlier"],
        "has_later": found["has_later"],
        "pictures": photo_owners(telegram, messages) if chat else {},
        "reactions": chat.reactions if chat else {},
        "pinned": chat.pinned if chat else [],
        "answers": _answers(telegram),
        "bots": [{"id": bot.id, "name": bot.first_name} for bot in telegram.bots.values()],
        "accounts": [{"gateway": gateway, "account": account} for gateway, account in whatsapp.webhooks],
        "people": _people(telegram, chat),
    }
    safe: Json = json.loads(mask_tokens(json.dumps(content)))
    return safe


def _latest_chats(telegram: Telegram) -> list[Chat]:
    # A private chat that belongs to no bot is only a model for those that do.
    chats = (chat for chat in telegram.chats.values() if chat.bot or chat.id < 0)
    return nlargest(MAX_CHATS, chats, key=lambda chat: chat.touched)


def _answers(telegram: Telegram) -> dict[str, Any]:
    latest = islice(reversed(telegram.callbacks.items()), 20)
    return {number: query.answer for number, query in latest if query.answer}


def _people(telegram: Telegram, chat: Chat | None) -> list[Json]:
    """Who can be played in a group: those who have written there, its staff, everybody with a chat of their own."""
    if chat is None or chat.type == "private":
        return []
    speakers = (message["from"] for message in islice(reversed(chat.messages.values()), _SPEAKERS_SOUGHT))
    people = {sender["id"]: sender["first_name"] for sender in speakers if not sender["is_bot"]}
    for number in chat.staff:
        people.setdefault(number, telegram.people[number]["first_name"])
    for other in telegram.chats.values():
        if other.type == "private":
            people.setdefault(other.id, other.title)
    return [{"id": number, "name": name} for number, name in islice(people.items(), MAX_CHATS)]


def _key(chat: Chat) -> str:
    return f"{chat.bot}:{chat.id}"


def _seen(chat: Chat, window: Window) -> Json:
    """A chat's messages have growing ids."""
    inside = [
        message
        for message in reversed(chat.messages.values())
        if not window.thread or message.get("message_thread_id") == window.thread
    ]
    before = inside
    if window.until.isdecimal():
        before = [message for message in inside if message["message_id"] <= int(window.until)]
    return {
        "messages": before[: window.count][::-1],
        "has_earlier": len(before) > window.count,
        "has_later": len(before) < len(inside),
    }


def _summary(telegram: Telegram, key: str, chat: Chat) -> Json:
    last = next(reversed(chat.messages.values()), None)
    bot = telegram.bots.get(chat.bot or _bot_in(chat))
    return {
        "key": key,
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "blocked": bool(chat.blocked),
        "is_forum": bool(chat.is_forum),
        "bot_status": chat.bot_status,
        "bot": bot.id if bot else 0,
        "bot_name": bot.first_name if bot else "",
        "topics": [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()],
        "last": last,
    }


def _bot_in(chat: Chat) -> int:
    """The bot that spoke last in a group: what is typed there goes to it."""
    senders = (message["from"] for message in islice(reversed(chat.messages.values()), 50))
    return next((sender["id"] for sender in senders if sender["is_bot"]), 0)
