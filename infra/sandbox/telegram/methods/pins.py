"""Methods that pin messages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.params import integer

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat


@method("pinChatMessage")
def pin(call: Call) -> bool:
    """Pin a message."""
    chat, number = _chat(call), integer(call.params, "message_id") or 0
    message = chat.messages.get(number)
    if message is None:
        reason = "message to pin not found"
        raise bad_request(reason)
    if number not in chat.pinned:
        chat.pinned.append(number)
        call.telegram.post(chat, call.bot.public(), {"pinned_message": message})
    return True


@method("unpinChatMessage")
def unpin(call: Call) -> bool:
    """Unpin a message, the latest one when none is named."""
    chat = _chat(call)
    number = integer(call.params, "message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        reason = "message to unpin not found"
        raise bad_request(reason)
    chat.pinned.remove(number)
    return True


@method("unpinAllChatMessages")
def unpin_all(call: Call) -> bool:
    """Unpin all messages of the chat."""
    _chat(call).pinned.clear()
    return True


def _unpin_all_of_topic(call: Call, *, is_general: bool) -> bool:
    chat = _chat(call)
    number = None if is_general else integer(call.params, "message_thread_id")
    if not is_general and number not in chat.topics:
        reason = "TOPIC_ID_INVALID"
        raise bad_request(reason)
    chat.pinned = [pinned for pinned in chat.pinned if _topic(chat, pinned) != number]
    return True


method("unpinAllForumTopicMessages")(partial(_unpin_all_of_topic, is_general=False))
method("unpinAllGeneralForumTopicMessages")(partial(_unpin_all_of_topic, is_general=True))


def _topic(chat: Chat, number: int) -> int | None:
    found: int | None = chat.messages.get(number, {}).get("message_thread_id")
    return found


def _chat(call: Call) -> Chat:
    chat = call.chat_to_write()
    if chat.type != "private" and (chat.bot_status != "administrator" or not chat.pins_messages):
        reason = "not enough rights to manage pinned messages in the chat"
        raise bad_request(reason)
    return chat
