"""Telegram's updates, parsed into events (docs/protocols/telegram.md, Update shapes).

Telegram adds fields and kinds all the time, so only what is used is read, and nothing is required. Updates that we do
not use are no event.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.telegram_webhook.updates.author import author, language
from functions.telegram_webhook.updates.content import Content, extract, text_of
from shared.i18n.texts import DEFAULT_LANGUAGE, Language
from shared.payload.values import integer, part
from shared.support.updates import Actor

MEMBER_STATUSES = ("member", "administrator", "creator")
INTERNAL_NOTE_PREFIX = "//"  # what managers begin a note to each other with

_QUERY_ID = re.compile(r"-?[0-9]{1,32}", re.ASCII)  # it goes back in the answer, so it may be nothing else


@dataclass(frozen=True)
class ChatReopened:
    """A chat can be written to again."""

    chat_id: int
    language: Language = DEFAULT_LANGUAGE  # of whoever opened it


@dataclass(frozen=True)
class ChatMigrated:
    """A group became a supergroup."""

    old_chat_id: int
    new_chat_id: int


@dataclass(frozen=True)
class MessageRef:
    """A message of a chat; `thread_id` when it is in a forum's topic."""

    chat_id: int
    message_id: int
    thread_id: int | None = None


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button. `message` is the one that has the button, None when it is too old for Telegram."""

    update_id: int
    query_id: str
    message: MessageRef | None
    data: Any
    by: Actor


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
    """A person edited their message in a topic."""

    update_id: int
    message: MessageRef


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


SupportEvent = TopicMessage | Edited | Handover | Stats
Event = Press | SupportEvent  # what the bot's system reacts to


def parse(update: Mapping[str, Any], username: str | None = None) -> ChatReopened | ChatMigrated | Event | None:
    """The event of an update, or None; `username` is the bot's, which commands may be addressed to."""
    number = integer(update.get("update_id"))
    if message := part(update, "message"):
        return _parse_chat(message) or (None if number is None else _parse_message(number, message, username))
    if change := part(update, "my_chat_member"):
        return _parse_membership(change)
    if number is not None and (query := part(update, "callback_query")):
        return _parse_press(number, query)
    if number is not None and (edited := part(update, "edited_message")):
        return _parse_edit(number, edited)
    return None


def _parse_chat(message: Mapping[str, Any]) -> ChatReopened | ChatMigrated | None:
    chat = integer(part(message, "chat").get("id"))
    became, was = integer(message.get("migrate_to_chat_id")), integer(message.get("migrate_from_chat_id"))
    if chat is None:
        return None
    if became is not None and became != chat:
        return ChatMigrated(chat, became)
    if was is not None and was != chat:
        return ChatMigrated(was, chat)
    text = message.get("text")
    if isinstance(text, str) and text.partition(" ")[0].partition("@")[0] == "/start":
        return ChatReopened(chat, language(message))
    return None


def _parse_membership(change: Mapping[str, Any]) -> ChatReopened | None:
    chat = integer(part(change, "chat").get("id"))
    member = part(change, "new_chat_member")
    may_write = member.get("status") in MEMBER_STATUSES or (
        member.get("status") == "restricted" and member.get("can_send_messages") is True
    )
    return ChatReopened(chat, language(change)) if chat is not None and may_write else None


def _parse_press(number: int, query: Mapping[str, Any]) -> Press | None:
    by, query_id, message = author(query), query.get("id"), part(query, "message")
    if by is None or not isinstance(query_id, str) or not _QUERY_ID.fullmatch(query_id):
        return None
    return Press(number, query_id, _message_ref(message) if message.get("date") else None, query.get("data"), by)


def _parse_message(number: int, message: Mapping[str, Any], username: str | None) -> SupportEvent | None:
    by, ref, text = author(message), _message_ref(message), text_of(message, "text")
    if by is None or ref is None or (text or text_of(message, "caption")).startswith(INTERNAL_NOTE_PREFIX):
        return None
    if text.startswith("/"):
        return _parse_command(number, ref, by, _command(text, username))
    content = extract(message)
    if ref.thread_id is None or content == Content():
        return None
    return TopicMessage(number, ref, content, text_of(message, "media_group_id")[:64], by)


def _parse_command(number: int, ref: MessageRef, by: Actor, command: str) -> SupportEvent | None:
    if command == "stats":
        return Stats(number, ref)
    return Handover(number, ref, by) if command == "handover" and ref.thread_id is not None else None


def _command(text: str, username: str | None) -> str:
    """The command's name; empty when it is another bot's."""
    name, _, bot = text.split(maxsplit=1)[0][1:].partition("@")
    return "" if bot and username and bot.lower() != username.lower() else name


def _parse_edit(number: int, message: Mapping[str, Any]) -> Edited | None:
    ref, content = _message_ref(message), extract(message)
    text = text_of(message, "text") or text_of(message, "caption")
    is_live = "location" in message  # it moves by itself
    if author(message) is None or ref is None or ref.thread_id is None or is_live or content == Content():
        return None
    return None if text.startswith("/") else Edited(number, ref)


def _message_ref(message: Mapping[str, Any]) -> MessageRef | None:
    chat_id, message_id = integer(part(message, "chat").get("id")), integer(message.get("message_id"))
    if chat_id is None or message_id is None:
        return None
    # In groups without topics answers have a thread, too; nothing can be sent to it.
    thread_id = integer(message.get("message_thread_id")) if message.get("is_topic_message") is True else None
    return MessageRef(chat_id, message_id, thread_id)
