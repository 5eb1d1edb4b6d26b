"""Methods that send, change and delete messages."""

from __future__ import annotations

import hashlib
import re
import time
from functools import partial
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from infra.sandbox.telegram.files import uploads
from infra.sandbox.telegram.files.by_url import check
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.methods.entities import parse_html, utf16
from infra.sandbox.telegram.methods.keyboards import reply_markup
from infra.sandbox.telegram.params import Params, Upload, flag, integer, json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.state import Chat, Json

_MAX_TEXT_UNITS = 4096
_MAX_PARSED_LENGTH = 32_768
_MAX_CAPTION_UNITS = 1024
_MAX_ANSWER_LENGTH = 200
_FORBIDDEN_KINDS = {
    "text": "text messages",
    "photo": "photos",
    "document": "documents",
    "audio": "music",
    "video": "videos",
    "voice": "voice messages",
}
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{4,}")
_FILE_URL = re.compile(r"https?://[^\s/]+\S*")


@method("sendMessage")
def send_message(call: Call) -> Json:
    """Send a text; the Message object."""
    content = _text(call.params)
    return _send(call, content)


def _send_media(call: Call, kind: str) -> Json:
    uploaded = call.params.get(kind)
    if isinstance(uploaded, Upload):
        caption = _caption(call.params)
        return _send(call, {kind: uploads.store(call, kind, uploaded)} | caption)
    source = text(call.params, kind)
    if not source:
        reason = f"there is no {kind} in the request"
        raise bad_request(reason)
    if not (_FILE_ID.fullmatch(source) or _FILE_URL.fullmatch(source)):
        reason = "wrong file identifier/HTTP URL specified"
        raise bad_request(reason)
    check(call.telegram, kind, source)
    return _send(call, {kind: _file(kind, source)} | _caption(call.params))


for _kind in ("photo", "document", "audio", "video", "voice"):
    method(f"send{_kind}")(partial(_send_media, kind=_kind))


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """Replace a text and its keyboard; the Message object."""
    content = _text(call.params, too_long="MESSAGE_TOO_LONG")
    chat, message = _own_message(call)
    if "text" not in message:
        reason = "there is no text in the message to edit"
        raise bad_request(reason)
    return _edit(call, chat, message, content | _keyboard(call.params))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """Replace a keyboard, or remove it when none is given; the Message object."""
    chat, message = _own_message(call)
    content = {key: message[key] for key in ("text", "entities") if key in message}
    return _edit(call, chat, message, content | _keyboard(call.params))


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete a message, whoever sent it."""
    chat = call.chat()
    if chat.messages.pop(integer(call.params, "message_id") or 0, None) is None:
        reason = "message to delete not found"
        raise bad_request(reason)
    call.telegram.touch(chat)
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
    query.answer = {"text": answer, "show_alert": flag(call.params, "show_alert")}
    return True


def _send(call: Call, content: Json) -> Json:
    keyboard = _keyboard(call.params)
    chat = call.chat()
    _check_rights(chat, content)
    topic = call.topic(chat)
    if topic and topic.closed and chat.bot_status != "administrator":
        reason = "TOPIC_CLOSED"
        raise bad_request(reason)
    content = _reply(call.params, chat) | content | keyboard
    if call.bot.limits:
        call.bot.limits.admit(chat.id, time.monotonic())
    return call.telegram.post(chat, call.bot.public(), content, topic)


def _check_rights(chat: Chat, content: Json) -> None:
    """Raises ApiError when the group lets its members not send this, and the bot is no administrator."""
    if chat.type == "private" or chat.bot_status == "administrator":
        return
    kind = next((kind for kind in _FORBIDDEN_KINDS if kind in content), "text")
    if chat.members_write is False or (kind != "text" and chat.members_send_files is False):
        reason = f"not enough rights to send {_FORBIDDEN_KINDS[kind]} to the chat"
        raise bad_request(reason)


def _edit(call: Call, chat: Chat, message: Json, content: Json) -> Json:
    changing = ("text", "entities", "reply_markup")
    if {key: message[key] for key in changing if key in message} == content:
        raise bad_request(NOT_MODIFIED)
    kept = {key: value for key, value in message.items() if key not in changing}
    # A new object, because earlier answers hold the old one.
    edited = kept | {"edit_date": int(time.time())} | content
    chat.messages[message["message_id"]] = edited
    call.telegram.touch(chat)
    return edited


def _own_message(call: Call) -> tuple[Chat, Json]:
    chat = call.chat()
    number = integer(call.params, "message_id")
    if not number:
        reason = "message identifier is not specified"
        raise bad_request(reason)
    message = chat.messages.get(number)
    if message is None:
        reason = "message to edit not found"
        raise bad_request(reason)
    if message["from"]["id"] != call.bot.id:
        reason = "message can't be edited"
        raise bad_request(reason)
    return chat, message


def _text(params: Params, too_long: str = "message is too long") -> Json:
    if len(text(params, "text")) > _MAX_PARSED_LENGTH:
        reason = "text is too long"
        raise bad_request(reason)
    plain, entities = _formatted(params, "text", "entities")
    if not plain:
        reason = "message text is empty"
        raise bad_request(reason)
    if utf16(plain) > _MAX_TEXT_UNITS:
        raise bad_request(too_long)
    return {"text": plain, "entities": entities} if entities else {"text": plain}


def _caption(params: Params) -> Json:
    plain, entities = _formatted(params, "caption", "caption_entities")
    if utf16(plain) > _MAX_CAPTION_UNITS:
        reason = "message caption is too long"
        raise bad_request(reason)
    caption: Json = {"caption": plain} if plain else {}
    return caption | {"caption_entities": entities} if entities else caption


def _formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    source, mode = text(params, name), text(params, "parse_mode").lower()
    if mode == "html":
        return parse_html(source)
    if mode:
        reason = "unsupported parse_mode"
        raise bad_request(reason)
    entities = json_value(params, entities_name)
    return source.strip(), entities if isinstance(entities, list) else []


def _keyboard(params: Params) -> Json:
    markup = reply_markup(params)
    return {"reply_markup": markup} if markup else {}


def _reply(params: Params, chat: Chat) -> Json:
    given = json_value(params, "reply_parameters")
    reply = given if isinstance(given, dict) else params
    name = "message_id" if isinstance(given, dict) else "reply_to_message_id"
    number = integer(reply, name)
    if not number:
        return {}
    found = chat.messages.get(number)
    if found:
        quoted = {key: value for key, value in found.items() if key != "reply_to_message"}
        return {"reply_to_message": quoted}
    if flag(reply, "allow_sending_without_reply"):
        return {}
    reason = "message to be replied not found"
    raise bad_request(reason)


def _file(kind: str, source: str) -> Json | list[Json]:
    digest = hashlib.sha256(source.encode()).hexdigest()
    file_id = source if _FILE_ID.fullmatch(source) else f"SandboxFile{digest[:40]}"
    file: Json = {"file_id": file_id, "file_unique_id": f"Sb{digest[:12]}", "file_size": 1024}
    match kind:
        case "photo":
            return [file | {"width": 800, "height": 600}]
        case "document":
            return {"file_name": "file.pdf", "mime_type": "application/pdf"} | file
        case "video":
            return {"width": 800, "height": 600, "duration": 5, "mime_type": "video/mp4"} | file
        case "audio":
            return {"duration": 5, "mime_type": "audio/mpeg"} | file
    return {"duration": 5, "mime_type": "audio/ogg"} | file
