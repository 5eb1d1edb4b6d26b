"""Sending a message: what holds for all kinds of content."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.formatting.html import utf16
from infra.sandbox.telegram.formatting.keyboards import inline_keyboard
from infra.sandbox.telegram.methods.call import Call
from infra.sandbox.telegram.params import Params, flag, integer, json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json, Topic

_FORBIDDEN_KINDS = {
    "text": "text messages",
    "photo": "photos",
    "animation": "animations",
    "document": "documents",
    "audio": "music",
    "video": "videos",
    "voice": "voice messages",
}


def send(call: Call, content: Json) -> Json:
    """Post the content as the bot; the Message object. Raises ApiError."""
    chat = call.chat_to_write()
    keyboard = inline_keyboard(call.params, is_private=chat.type == "private")
    check_rights(chat, content)
    topic = call.topic(chat)
    if topic and topic.closed and not _may_write_into(call, chat, topic):
        reason = "TOPIC_CLOSED"
        raise bad_request(reason)
    protected = {"has_protected_content": True} if flag(call.params, "protect_content") else {}
    content = _reply(call.params, chat) | content | keyboard | protected
    if call.bot.limits:
        call.bot.limits.admit(chat.id, time.monotonic())
    return call.telegram.post(chat, call.bot.public(), content, topic)


def check_rights(chat: Chat, content: Json) -> None:
    """Raises ApiError when the group lets its members not send this, and the bot is no administrator."""
    if chat.type == "private" or chat.bot_status == "administrator":
        return
    kind = next((kind for kind in _FORBIDDEN_KINDS if kind in content), "text")
    if chat.members_write is False or (kind != "text" and chat.members_send_files is False):
        reason = f"not enough rights to send {_FORBIDDEN_KINDS[kind]} to the chat"
        raise bad_request(reason)


def _quote(reply: Params, replied: Json) -> Json:
    quoted, whole = text(reply, "quote"), replied.get("text") or replied.get("caption", "")
    if not quoted:
        return {}
    at = whole.find(quoted, integer(reply, "quote_position") or 0)
    if at < 0:
        reason = "QUOTE_TEXT_INVALID"
        raise bad_request(reason)
    return {"quote": {"text": quoted, "position": utf16(whole[:at]), "is_manual": True}}


def _may_write_into(call: Call, chat: Chat, topic: Topic) -> bool:
    return topic.made_by == call.bot.id or (chat.bot_status == "administrator" and chat.manages_topics)


def _reply(params: Params, chat: Chat) -> Json:
    given = json_value(params, "reply_parameters", "reply parameters")
    if given is not None and not isinstance(given, dict):
        reason = "object expected as reply parameters"
        raise bad_request(reason)
    if given is not None and not given.get("message_id"):
        reason = "message identifier of the message to be replied is not specified"
        raise bad_request(reason)
    reply = given if isinstance(given, dict) else params
    number = integer(reply, "message_id" if given is not None else "reply_to_message_id")
    if not number:
        return {}
    found = chat.messages.get(number)
    if found:
        replied = {"reply_to_message": {key: value for key, value in found.items() if key != "reply_to_message"}}
        return replied | _quote(reply, found)
    if flag(reply, "allow_sending_without_reply"):
        return {}
    reason = "message to be replied not found"
    raise bad_request(reason)
