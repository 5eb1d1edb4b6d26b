"""What an update means for us (docs/protocols/telegram.md, Update shapes). Anything else means nothing.

Telegram adds fields and kinds all the time, so only what is used is read, and nothing is required.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.telegram_webhook.updates.author import author, language
from functions.telegram_webhook.updates.content import Content, extract
from functions.telegram_webhook.updates.fields import part, text_of
from shared.i18n.texts import DEFAULT_LANGUAGE, Language
from shared.payload.numbers import bigint
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
    """A message of a chat; thread: of a forum's topic."""

    chat_id: int
    message_id: int
    thread_id: int | None = None


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button; without a place its message is too old for Telegram to show."""

    update_id: int
    query_id: str
    place: MessageRef | None
    data: Any
    by: Actor


@dataclass(frozen=True)
class TopicMessage:
    """A person wrote in a topic."""

    update_id: int
    place: MessageRef
    carried: Content
    album: str  # the same for all messages of one
    by: Actor


@dataclass(frozen=True)
class Edited:
    """A person changed what they had written in a topic."""

    update_id: int
    place: MessageRef


@dataclass(frozen=True)
class Handover:
    """A person called for people in a topic: /handover."""

    update_id: int
    place: MessageRef
    by: Actor


@dataclass(frozen=True)
class Stats:
    """A person asked for the numbers: /stats."""

    update_id: int
    place: MessageRef


SupportEvent = TopicMessage | Edited | Handover | Stats
Event = Press | SupportEvent  # what the bot's system reacts to


def parse(update: Mapping[str, Any], username: str | None = None) -> ChatReopened | ChatMigrated | Event | None:
    """What happened; `username` is the bot's, which commands may be addressed to."""
    number = bigint(update.get("update_id"))
    if message := part(update, "message"):
        return _of_chat(message) or (None if number is None else _of_message(number, message, username))
    if change := part(update, "my_chat_member"):
        return _of_membership(change)
    if number is not None and (query := part(update, "callback_query")):
        return _of_query(number, query)
    if number is not None and (edited := part(update, "edited_message")):
        return _of_edit(number, edited)
    return None


def _of_chat(message: Mapping[str, Any]) -> ChatReopened | ChatMigrated | None:
    chat = bigint(part(message, "chat").get("id"))
    became, was = bigint(message.get("migrate_to_chat_id")), bigint(message.get("migrate_from_chat_id"))
    if chat is None:
        return None
    if became is not None and became != chat:
        return ChatMigrated(chat, became)
    if was is not None and was != chat:
        return ChatMigrated(was, chat)
    words = message.get("text")
    if isinstance(words, str) and words.partition(" ")[0].partition("@")[0] == "/start":
        return ChatReopened(chat, language(message))
    return None


def _of_membership(change: Mapping[str, Any]) -> ChatReopened | None:
    chat = bigint(part(change, "chat").get("id"))
    member = part(change, "new_chat_member")
    may_write = member.get("status") in MEMBER_STATUSES or (
        member.get("status") == "restricted" and member.get("can_send_messages") is True
    )
    return ChatReopened(chat, language(change)) if chat is not None and may_write else None


def _of_query(number: int, query: Mapping[str, Any]) -> Press | None:
    by, query_id, message = author(query), query.get("id"), part(query, "message")
    if by is None or not isinstance(query_id, str) or not _QUERY_ID.fullmatch(query_id):
        return None
    return Press(number, query_id, _place(message) if message.get("date") else None, query.get("data"), by)


def _of_message(number: int, message: Mapping[str, Any], username: str | None) -> SupportEvent | None:
    by, place, text = author(message), _place(message), text_of(message, "text")
    if by is None or place is None or (text or text_of(message, "caption")).startswith(INTERNAL_NOTE_PREFIX):
        return None
    if text.startswith("/"):
        return _of_command(number, place, by, _command(text, username))
    goes = extract(message)
    if place.thread_id is None or goes == Content():
        return None
    return TopicMessage(number, place, goes, text_of(message, "media_group_id")[:64], by)


def _of_command(number: int, place: MessageRef, by: Actor, command: str) -> SupportEvent | None:
    if command == "stats":
        return Stats(number, place)
    return Handover(number, place, by) if command == "handover" and place.thread_id is not None else None


def _command(text: str, username: str | None) -> str:
    """The command's name; empty when it is another bot's."""
    name, _, bot = text.split(maxsplit=1)[0][1:].partition("@")
    return "" if bot and username and bot.lower() != username.lower() else name


def _of_edit(number: int, message: Mapping[str, Any]) -> Edited | None:
    place, said = _place(message), extract(message)
    words = text_of(message, "text") or text_of(message, "caption")
    is_live = "location" in message  # it moves by itself
    if author(message) is None or place is None or place.thread_id is None or is_live or said == Content():
        return None
    return None if words.startswith("/") else Edited(number, place)


def _place(message: Mapping[str, Any]) -> MessageRef | None:
    chat, number = bigint(part(message, "chat").get("id")), bigint(message.get("message_id"))
    if chat is None or number is None:
        return None
    # In groups without topics answers have a thread, too; nothing can be sent to it.
    thread = bigint(message.get("message_thread_id")) if message.get("is_topic_message") is True else None
    return MessageRef(chat, number, thread)
