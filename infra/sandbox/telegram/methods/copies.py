"""Methods that copy and forward messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.files.stored import KINDS
from infra.sandbox.telegram.formatting.text import caption
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.methods.sending import send
from infra.sandbox.telegram.params import integer

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json

_MAX_MESSAGES = 100
_DONE = {"copy": "copied", "forward": "forwarded"}
_COPIED = (
    "text", "entities", "link_preview_options", "caption", "caption_entities", "show_caption_above_media",
    "has_media_spoiler", "contact", "location", *KINDS,
)  # fmt: skip


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """Send what a message holds as the bot's own; its MessageId."""
    message = _found(call, integer(call.params, "message_id"), "copy")
    return _copy(call, message, changed=True)


@method("copyMessages")
def copy_messages(call: Call) -> list[Json]:
    """Copy those of the messages that are there; their MessageIds."""
    return [_copy(call, message, changed=False) for message in _those_there(call, "copy")]


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """Send a message on, with whom it is from; the Message object."""
    return _forward(call, _found(call, integer(call.params, "message_id"), "forward"))


@method("forwardMessages")
def forward_messages(call: Call) -> list[Json]:
    """Send those of the messages on that are there; their MessageIds."""
    return [{"message_id": _forward(call, message)["message_id"]} for message in _those_there(call, "forward")]


def _copy(call: Call, message: Json, *, changed: bool) -> Json:
    content = {key: message[key] for key in _COPIED if key in message}
    if changed and call.params.get("caption") is not None and any(kind in content for kind in KINDS):
        kept = {key: value for key, value in content.items() if "caption" not in key}
        content = kept | caption(call.params)
    return {"message_id": send(call, content)["message_id"]}


def _forward(call: Call, message: Json) -> Json:
    origin = message.get("forward_origin") or {
        "type": "user", "sender_user": message["from"], "date": message["date"],
    }  # fmt: skip
    content = {key: message[key] for key in _COPIED if key in message}
    return send(call, {"forward_origin": origin} | content)


def _source(call: Call) -> Chat:
    if call.params.get("from_chat_id") in (None, ""):
        reason = "from_chat_id is empty"
        raise bad_request(reason)
    return call.chat("from_chat_id")


def _found(call: Call, number: int | None, verb: str) -> Json:
    message = _source(call).messages.get(number or 0)
    if message is None or not any(key in message for key in _COPIED):
        reason = f"message to {verb} not found" if message is None else f"the message can't be {_DONE[verb]}"
        raise bad_request(reason)
    if message.get("has_protected_content"):
        reason = f"the message can't be {_DONE[verb]}"
        raise bad_request(reason)
    return message


def _those_there(call: Call, verb: str) -> list[Json]:
    chat = _source(call)
    numbers = [number for number in call.message_ids(_MAX_MESSAGES) if number in chat.messages]
    if not numbers:
        reason = f"there are no messages to {verb}"
        raise bad_request(reason)
    return [_found(call, number, verb) for number in numbers]
