"""Telegram's updates, parsed into events (docs/protocols/telegram.md, Update shapes).

Telegram adds fields and kinds all the time, so only what is used is read, and nothing is required. What is not used is
ignored with a reason, which the log tells.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from functions.telegram_webhook.updates.author import author, language
from functions.telegram_webhook.updates.content import Content, extract, sent_file
from functions.telegram_webhook.updates.events import (
    AnyEvent,
    ChatClosed,
    ChatMigrated,
    ChatReopened,
    Contact,
    Edited,
    Handover,
    Ignored,
    MemberLeft,
    MessageRef,
    Press,
    PrivateEdit,
    PrivateMessage,
    Stats,
    SupportEvent,
    TopicMessage,
)
from functions.telegram_webhook.updates.formatting import to_html
from functions.telegram_webhook.updates.places import text_of
from functions.telegram_webhook.updates.unused_types import UNUSED_TYPES
from shared.payload.values import integer, part
from shared.support.actor import Actor

MEMBER_STATUSES = ("member", "administrator", "creator")
INTERNAL_NOTE_PREFIX = "//"  # what managers begin a note to each other with

_QUERY_ID = re.compile(r"-?[0-9]{1,32}", re.ASCII)  # it goes back in the answer, so it may be nothing else
_START = re.compile(r"/start\S* ([A-Za-z0-9_-]{1,64})")  # Telegram takes nothing else in a link
_DAMAGED = Ignored("damaged: ids are missing")


def parse(update: Mapping[str, Any], username: str | None = None) -> AnyEvent:
    """The event of an update; `username` is the bot's, which commands may be addressed to."""
    number = integer(update.get("update_id"))
    if message := part(update, "message"):
        return _parse_chat(message, username) or _parse_message(number, message, username)
    if change := part(update, "my_chat_member"):
        return _parse_membership(change)
    if query := part(update, "callback_query"):
        return _parse_press(number, query)
    if edited := part(update, "edited_message"):
        return _parse_edit(number, edited)
    known = next((reason for name, reason in UNUSED_TYPES.items() if name in update), None)
    return Ignored(known or "an unknown type of update")


def _parse_chat(message: Mapping[str, Any], username: str | None) -> ChatReopened | ChatMigrated | MemberLeft | None:
    """What a message says about its chat, by whoever wrote it."""
    chat = integer(part(message, "chat").get("id"))
    became, was = integer(message.get("migrate_to_chat_id")), integer(message.get("migrate_from_chat_id"))
    if chat is None:
        return None
    if became is not None and became != chat:
        return ChatMigrated(chat, became)
    if was is not None and was != chat:
        return ChatMigrated(was, chat)
    if (left := integer(part(message, "left_chat_member").get("id"))) is not None:
        return MemberLeft(chat, left)
    if chat < 0 and _command(text_of(message, "text"), username) == "start":
        return ChatReopened(chat, language(message))
    return None


def _parse_membership(change: Mapping[str, Any]) -> ChatReopened | ChatClosed | Ignored:
    chat = integer(part(change, "chat").get("id"))
    member = part(change, "new_chat_member")
    may_write = member.get("status") in MEMBER_STATUSES or (
        member.get("status") == "restricted" and member.get("can_send_messages") is True
    )
    if chat is not None and may_write:
        return ChatReopened(chat, language(change))
    is_blocked = chat is not None and chat > 0 and member.get("status") == "kicked"
    return ChatClosed(chat) if chat and is_blocked else Ignored("the bot was shut out")


def _parse_press(number: int | None, query: Mapping[str, Any]) -> Press | Ignored:
    by, query_id, message = author(query), query.get("id"), part(query, "message")
    if number is None or by is None or not isinstance(query_id, str) or not _QUERY_ID.fullmatch(query_id):
        return _DAMAGED
    return Press(number, query_id, _message_ref(message), query.get("data"), by, message.get("date") != 0)


def _parse_message(
    number: int | None, message: Mapping[str, Any], username: str | None
) -> SupportEvent | PrivateMessage | Ignored:
    by, ref = author(message), _message_ref(message)
    if number is None or ref is None:
        return _DAMAGED
    content = extract(message)
    if content is None:
        return Ignored("a service message")
    command = _command(content.text, username)
    if _is_private(message, ref, command):
        return _parse_private(number, message, content, is_start=command == "start")
    if by is None:
        return Ignored("written by a bot, or by nobody")
    if content.text.startswith("/") and not content.text.startswith(INTERNAL_NOTE_PREFIX):
        return _parse_command(number, ref, by, command)
    return _parse_words(TopicMessage(number, ref, content, _album(message), by))


def _parse_private(number: int, message: Mapping[str, Any], content: Content, *, is_start: bool) -> PrivateMessage:
    sender, contact = part(message, "from"), part(message, "contact")
    return PrivateMessage(
        number,
        integer(part(message, "chat").get("id")) or 0,
        is_start,
        text_of(sender, "username"),
        language(message),
        content,
        _start_argument(content.text) if is_start else "",
        Contact(integer(contact.get("user_id")), text_of(contact, "phone_number")) if contact else None,
        _album(message),
        _html(message),
        sent_file(message),
    )


def _start_argument(text: str) -> str:
    """What a link to the bot passes on."""
    found = _START.fullmatch(text)
    return found[1] if found else ""


def _html(message: Mapping[str, Any]) -> str:
    """The words as they were formatted, of a text or of a file's caption."""
    name = "text" if "text" in message else "caption"
    entities = message.get("entities" if name == "text" else "caption_entities")
    return to_html(message.get(name), entities).strip()


def _album(message: Mapping[str, Any]) -> str:
    return text_of(message, "media_group_id")[:64]


def _parse_words(message: TopicMessage) -> TopicMessage | Ignored:
    if message.message.thread_id is None:
        return Ignored("written outside of a topic")
    if not message.content.text.startswith(INTERNAL_NOTE_PREFIX):
        return message
    if not message.album:
        return Ignored("an internal note")
    return replace(message, content=Content(left_out=("internal",)))  # what else belongs to the album stays, too


def _is_private(message: Mapping[str, Any], ref: MessageRef, command: str | None) -> bool:
    """Whether a person wrote to the bot alone. A private chat may have topics, too, and a desk may work in them."""
    is_ours = command == "start" or (ref.thread_id is None and command != "stats")
    return ref.chat_id > 0 and is_ours and part(message, "from").get("is_bot") is not True


def _parse_command(number: int, ref: MessageRef, by: Actor, command: str | None) -> SupportEvent | Ignored:
    """A command never goes to the customer; one that nobody knows is told, for it may be meant as words."""
    if command is None:
        return Ignored("another bot's command")
    if command == "stats":
        return Stats(number, ref, by)
    if ref.thread_id is None:
        return Ignored("a command outside of a topic")
    if command == "handover":
        return Handover(number, ref, by)
    return TopicMessage(number, ref, Content(left_out=("command",)), "", by)


def _command(text: str, username: str | None) -> str | None:
    """The command's name, empty when it is no command; None: it is another bot's."""
    if not text.startswith("/"):
        return ""
    name, _, bot = text.split(maxsplit=1)[0][1:].partition("@")
    return None if bot and username and bot.lower() != username.lower() else name


def _parse_edit(number: int | None, message: Mapping[str, Any]) -> Edited | PrivateEdit | Ignored:
    ref, by, content = _message_ref(message), author(message), extract(message)
    if number is None or ref is None:
        return _DAMAGED
    if "location" in message:
        return Ignored("a place that moves by itself")
    if by and content and ref.chat_id > 0 and ref.thread_id is None and integer(message.get("edit_date")):
        return PrivateEdit(number, ref.chat_id)  # a reaction, which comes as an edit, too, has no date of one
    if by is None or content is None or ref.thread_id is None:
        return Ignored("an edit of nobody's words to a customer")
    return Edited(number, ref, content, by)


def _message_ref(message: Mapping[str, Any]) -> MessageRef | None:
    chat_id, message_id = integer(part(message, "chat").get("id")), integer(message.get("message_id"))
    if chat_id is None or message_id is None:
        return None
    # In groups without topics answers have a thread, too; nothing can be sent to it.
    thread_id = integer(message.get("message_thread_id")) if message.get("is_topic_message") is True else None
    return MessageRef(chat_id, message_id, thread_id)
