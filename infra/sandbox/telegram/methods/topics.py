"""Methods of forum topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import GENERAL_TOPIC, Call, method
from infra.sandbox.telegram.models import Topic
from infra.sandbox.telegram.params import integer, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json
    from infra.sandbox.telegram.state import Telegram

DEFAULT_ICON_COLOR = 7322096
MAX_NAME_LENGTH = 128


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """Create a topic. Raises ApiError when the bot has not the right to."""
    chat = forum(call)
    if chat.bot_status != "administrator" or not chat.manages_topics:
        reason = "not enough rights to create a topic"
        raise bad_request(reason)
    name = text(call.params, "name").strip()[:MAX_NAME_LENGTH]
    if not name:
        reason = "name must be non-empty"
        raise bad_request(reason)
    color = integer(call.params, "icon_color") or DEFAULT_ICON_COLOR
    topic = Topic(0, name, color, text(call.params, "icon_custom_emoji_id"), made_by=call.bot.id)
    shown = add_topic(call.telegram, chat, call.bot.public(), topic)
    return {"message_thread_id": topic.id} | shown


def add_topic(telegram: Telegram, chat: Chat, maker: Json, topic: Topic) -> Json:
    """Give a topic its id, and post that it was made; what the message says of it."""
    # Topic ids are message ids, and 1 is General's.
    chat.last_id = max(chat.last_id, GENERAL_TOPIC)
    shown: Json = {"name": topic.name, "icon_color": topic.icon_color}
    if topic.icon_custom_emoji_id:
        shown["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    message = telegram.post(chat, maker, {"forum_topic_created": shown}, topic)
    topic.id = message["message_thread_id"]
    chat.topics[topic.id] = topic
    return shown


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Rename a topic or change its icon."""
    chat, topic = _chat_and_topic(call)
    name = text(call.params, "name").strip()[:MAX_NAME_LENGTH] or topic.name
    icon = call.params.get("icon_custom_emoji_id")
    emoji = topic.icon_custom_emoji_id if icon is None else str(icon)
    changes = {"name": name} if name != topic.name else {}
    if emoji != topic.icon_custom_emoji_id:
        changes["icon_custom_emoji_id"] = emoji
    if not changes:
        return True
    topic.name, topic.icon_custom_emoji_id = name, emoji
    _post_service_message(call, chat, topic, "forum_topic_edited", changes)
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    """Close a topic: nothing can be sent into it."""
    return _set_closed(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    """Open a closed topic again."""
    return _set_closed(call, closed=False)


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    """Delete a topic with all its messages."""
    chat, topic = _chat_and_topic(call)
    chat.delete_topic(topic.id)
    call.telegram.touch(chat)
    return True


def forum(call: Call) -> Chat:
    """The forum that the call names. Raises ApiError for another chat."""
    chat = call.chat()
    # A supergroup that was not configured becomes a forum when it is used as a forum.
    if chat.type != "supergroup" or chat.is_forum is False:
        reason = "the chat is not a forum"
        raise bad_request(reason)
    chat.is_forum = True
    return chat


def _chat_and_topic(call: Call) -> tuple[Chat, Topic]:
    if not integer(call.params, "message_thread_id"):
        reason = "invalid forum topic identifier specified"
        raise bad_request(reason)
    chat = forum(call)
    topic = chat.topics.get(integer(call.params, "message_thread_id") or 0)
    if topic is None:
        reason = "TOPIC_ID_INVALID"
        raise bad_request(reason)
    check_rights(call, chat, topic)
    return chat, topic


def check_rights(call: Call, chat: Chat, topic: Topic) -> None:
    """Raises ApiError for a topic of somebody else's that the bot may not manage."""
    if topic.made_by != call.bot.id and (chat.bot_status != "administrator" or not chat.manages_topics):
        reason = "not enough rights to change the topic"
        raise bad_request(reason)


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat, topic = _chat_and_topic(call)
    if topic.closed is closed:
        not_modified()
    topic.closed = closed
    _post_service_message(call, chat, topic, "forum_topic_closed" if closed else "forum_topic_reopened", {})
    return True


def not_modified() -> NoReturn:
    """Raises ApiError: it is so already."""
    reason = "TOPIC_NOT_MODIFIED"
    raise bad_request(reason)


def _post_service_message(call: Call, chat: Chat, topic: Topic, event: str, content: Json) -> None:
    call.telegram.post(chat, call.bot.public(), {event: content}, topic)
