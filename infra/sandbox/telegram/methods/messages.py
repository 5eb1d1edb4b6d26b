"""Methods that send texts, contacts, places and dice, and change and delete messages."""

from __future__ import annotations

import math
import secrets
import time
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from infra.sandbox.telegram.files.stored import KINDS
from infra.sandbox.telegram.formatting.keyboards import inline_keyboard
from infra.sandbox.telegram.formatting.text import caption, message_text
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.methods.media import input_media
from infra.sandbox.telegram.methods.sending import send
from infra.sandbox.telegram.params import flag, integer, json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json

_MAX_ANSWER_LENGTH = 200
_MAX_DELETED = 100
_DELETABLE_S = 48 * 3600
_DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
_CONTENT = (
    "text", "entities", "link_preview_options", "caption", "caption_entities", "show_caption_above_media",
    "has_media_spoiler", "reply_markup", *KINDS,
)  # fmt: skip
_CAPTION = ("caption", "caption_entities", "show_caption_above_media", "reply_markup")


@method("sendMessage")
def send_message(call: Call) -> Json:
    """Send a text; the Message object."""
    return send(call, message_text(call.params))


@method("sendContact")
def send_contact(call: Call) -> Json:
    """Send somebody's phone; the Message object."""
    contact = {name: _required(call, name) for name in ("phone_number", "first_name")}
    return send(call, {"contact": contact | _given(call, "last_name", "vcard")})


@method("sendLocation")
def send_location(call: Call) -> Json:
    """Send a place; the Message object."""
    return send(call, {"location": _location(call)})


@method("sendVenue")
def send_venue(call: Call) -> Json:
    """Send a place with its name and address; the Message object."""
    location = _location(call)
    venue = {name: _required(call, name) for name in ("title", "address")}
    return send(call, {"location": location, "venue": {"location": location} | venue})


@method("sendDice")
def send_dice(call: Call) -> Json:
    """Throw a dice; the Message object."""
    emoji = text(call.params, "emoji") or "🎲"
    if emoji not in _DICE:
        reason = f"this sandbox throws {' '.join(_DICE)} alone"
        raise bad_request(reason)
    return send(call, {"dice": {"emoji": emoji, "value": 1 + secrets.randbelow(_DICE[emoji])}})


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """Replace a text and its keyboard; the Message object."""
    content = message_text(call.params, too_long="MESSAGE_TOO_LONG")
    chat, message = _own_message(call)
    if "text" not in message:
        reason = "there is no text in the message to edit"
        raise bad_request(reason)
    return _edit(call, chat, message, content | _keyboard(call, chat))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """Replace, or take away, the caption of a file; the Message object."""
    chat, message = _own_message(call)
    if not any(kind in message for kind in KINDS):
        reason = "there is no caption in the message to edit"
        raise bad_request(reason)
    kept = {key: message[key] for key in _CONTENT if key in message and key not in _CAPTION}
    return _edit(call, chat, message, kept | caption(call.params) | _keyboard(call, chat))


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json:
    """Replace a file and its caption; the Message object."""
    chat, message = _own_message(call)
    if not any(kind in message for kind in KINDS):
        reason = "there is no media in the message to edit"
        raise bad_request(reason)
    content = input_media(call, json_value(call.params, "media", "media"))
    return _edit(call, chat, message, content | _keyboard(call, chat))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """Replace a keyboard, or remove it when none is given; the Message object."""
    chat, message = _own_message(call)
    kept = {key: message[key] for key in _CONTENT if key in message and key != "reply_markup"}
    return _edit(call, chat, message, kept | _keyboard(call, chat))


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete a message; another's only in a private chat, or with the right to."""
    if call.params.get("chat_id") in (None, ""):
        reason = "chat identifier is not specified"
        raise bad_request(reason)
    chat, number = call.chat(), integer(call.params, "message_id")
    if not number:
        reason = "message identifier is not specified"
        raise bad_request(reason)
    if number not in chat.messages:
        reason = "message to delete not found"
        raise bad_request(reason)
    if not _may_delete(call, chat, chat.messages[number]):
        reason = "message can't be deleted"
        raise bad_request(reason)
    if _is_too_old(chat, chat.messages[number]):
        reason = "message can't be deleted for everyone"
        raise bad_request(reason)
    call.telegram.delete(chat, number)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Delete those of the messages that are there and may be deleted."""
    chat, numbers = call.chat(), call.message_ids(_MAX_DELETED)
    for number in numbers:
        message = chat.messages.get(number)
        if message and _may_delete(call, chat, message) and not _is_too_old(chat, message):
            call.telegram.delete(chat, number)
    return True


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Answer a press; the text is the toast."""
    answer = text(call.params, "text")
    if len(answer) > _MAX_ANSWER_LENGTH:
        reason = "MESSAGE_TOO_LONG"
        raise bad_request(reason)
    query = call.telegram.callback(call.bot.id, text(call.params, "callback_query_id"))
    if query is None:
        raise bad_request(QUERY_TOO_OLD)
    call.telegram.answer(query, {"text": answer, "show_alert": flag(call.params, "show_alert")})
    return True


def _required(call: Call, name: str) -> str:
    if not (given := text(call.params, name)):
        reason = f'parameter "{name}" is required'
        raise bad_request(reason)
    return given


def _given(call: Call, *names: str) -> Json:
    return {name: given for name in names if (given := text(call.params, name))}


def _location(call: Call) -> Json:
    place: Json = {}
    for name, most in (("latitude", 90), ("longitude", 180)):
        if not (given := text(call.params, name)):
            reason = f"{name} is empty"
            raise bad_request(reason)
        try:
            place[name] = float(given)
        except ValueError:
            place[name] = math.inf
        if not abs(place[name]) <= most:
            reason = "wrong location specified"
            raise bad_request(reason)
    return place


def _keyboard(call: Call, chat: Chat) -> Json:
    return inline_keyboard(call.params, is_private=chat.type == "private", is_edit=True)


def _may_delete(call: Call, chat: Chat, message: Json) -> bool:
    if "forum_topic_created" in message:
        return False
    is_own = message["from"]["id"] == call.bot.id
    return is_own or chat.type == "private" or (chat.bot_status == "administrator" and chat.deletes_messages)


def _is_too_old(chat: Chat, message: Json) -> bool:
    """Only administrators of groups delete what is older than two days."""
    is_old: bool = message["date"] < time.time() - _DELETABLE_S
    return is_old and not (chat.type != "private" and chat.bot_status == "administrator" and chat.deletes_messages)


def _edit(call: Call, chat: Chat, message: Json, content: Json) -> Json:
    if {key: message[key] for key in _CONTENT if key in message} == content:
        raise bad_request(NOT_MODIFIED)
    kept = {key: value for key, value in message.items() if key not in _CONTENT}
    edited = kept | {"edit_date": int(time.time())} | content
    call.telegram.change(chat, edited)
    return edited


def _own_message(call: Call) -> tuple[Chat, Json]:
    number = integer(call.params, "message_id")
    if not number and call.params.get("chat_id") in (None, ""):
        reason = "message identifier is not specified"
        raise bad_request(reason)
    chat = call.chat_to_write()
    message = chat.messages.get(number or 0)
    if message is None:
        reason = "message to edit not found"
        raise bad_request(reason)
    if message["from"]["id"] != call.bot.id:
        reason = "message can't be edited"
        raise bad_request(reason)
    return chat, message
