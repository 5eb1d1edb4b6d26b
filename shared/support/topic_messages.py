"""Messages in a customer's forum topic: the customer's texts and files, the bot's, and notices to managers."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from shared.delivery.enqueue import Message
from shared.delivery.kinds import IN_TOPIC, Kind
from shared.support import texts, topics
from shared.support.conversations import Conversation

# The Bot API's method and field for a file, by the kind of the message that brought it.
_METHODS = {
    "image": ("sendPhoto", "photo"),
    "video": ("sendVideo", "video"),
    "audio": ("sendAudio", "audio"),
    "voice": ("sendVoice", "voice"),
}
# Types that the Bot API fetches from an address by itself; anything else is a link in a message.
_FETCHED = {
    "image": r"image/(jpeg|png|webp)|",
    "video": r"video/mp4|",
    "audio": r"audio/(mpeg|mp4|x-m4a)|",
    "voice": r"audio/ogg|",
    "document": r"application/(pdf|zip)|image/gif",
}


def notice(
    conversation: Conversation, html: str, key: str, correlation_id: str, kind: Kind = IN_TOPIC
) -> Message | None:
    """A message in the customer's topic; None when the desk has no group."""
    return _message(conversation, "sendMessage", {"text": html, "parse_mode": "HTML"}, key, correlation_id, kind)


def text(conversation: Conversation, mark: str, content: str, key: str, correlation_id: str) -> Message | None:
    """Somebody's text, behind a mark that shows who wrote it. None without a group."""
    return notice(conversation, f"{mark} {escape(content)}", key, correlation_id)


def media(
    conversation: Conversation, kind: str, file: Mapping[str, Any], mark: str, key: str, correlation_id: str
) -> Message | None:
    """A file (`file` is the media of support.messages.metadata), or a text about it when it has no address."""
    language = conversation.desk.language
    kind_name = texts.FILE_KINDS.get(kind, texts.FILE_KINDS["document"]).in_(language)
    caption = str(file.get("caption") or "")
    url = file.get("url")
    if not url:
        html = f"{mark} {texts.FILE_NOT_SHOWN.in_(language).format(kind=kind_name)} {escape(caption)}"
        return notice(conversation, html.strip(), key, correlation_id)
    if not re.fullmatch(_FETCHED.get(kind, _FETCHED["document"]), str(file.get("mime") or "").partition(";")[0]):
        name = escape(str(file.get("file_name") or kind_name))
        html = f'{mark} <a href="{escape(str(url))}">{name}</a> {escape(caption)}'
        return notice(conversation, html.strip(), key, correlation_id)
    method, field = _METHODS.get(kind, ("sendDocument", "document"))
    payload = {field: url, "caption": f"{mark} {caption}".strip()}
    return _message(conversation, method, payload, key, correlation_id, IN_TOPIC)


def _message(
    conversation: Conversation, method: str, payload: Mapping[str, Any], key: str, correlation_id: str, kind: Kind
) -> Message | None:
    desk = conversation.desk
    if desk.telegram_bot_id is None or desk.telegram_chat_id is None:
        return None
    return Message(
        bot_id=desk.telegram_bot_id,
        chat_id=desk.telegram_chat_id,
        topic=topics.topic_of(conversation.user_id, conversation.name, conversation.phone, desk.language),
        kind=kind,
        method=method,
        dedup_key=key,
        payload=payload,
        correlation_id=correlation_id,
    )
