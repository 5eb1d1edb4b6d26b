"""Methods of forum topics, and of chats themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import GENERAL_TOPIC, Call, method
from infra.sandbox.telegram.params import integer, text
from infra.sandbox.telegram.state import Topic

if TYPE_CHECKING:
    from infra.sandbox.telegram.state import Chat, Json

_RIGHTS_NOT_GIVEN = (
    "is_anonymous",
    "can_be_edited",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_DEFAULT_ICON_COLOR = 7322096
_MAX_NAME_LENGTH = 128


@method("getChat")
def get_chat(call: Call) -> Json:
    """The ChatFullInfo object of a chat."""
    gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    )
    extras = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return call.chat().public() | extras


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """The ChatMember object: the bot's status as it was set, everybody else is a member."""
    chat, number = call.chat(), integer(call.params, "user_id")
    if not number:
        reason = "invalid user_id specified"
        raise bad_request(reason)
    if number != call.bot.id:
        return {"user": {"id": number, "is_bot": False, "first_name": f"Участник {number}"}, "status": "member"}
    member: Json = {"user": call.bot.public(), "status": chat.bot_status}
    if chat.bot_status != "administrator":
        return member
    rights = {"can_manage_chat": True, "can_manage_topics": chat.manages_topics}
    return member | dict.fromkeys(_RIGHTS_NOT_GIVEN, False) | rights


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """Create a topic. Raises ApiError when the bot has not the right to."""
    chat = _forum(call)
    if chat.bot_status != "administrator" or not chat.manages_topics:
        reason = "not enough rights to create a topic"
        raise bad_request(reason)
    name = text(call.params, "name").strip()[:_MAX_NAME_LENGTH]
    if not name:
        reason = "title must be non-empty"
        raise bad_request(reason)
    color = integer(call.params, "icon_color") or _DEFAULT_ICON_COLOR
    # Topic ids are message ids, and 1 is General's.
    chat.last_id = max(chat.last_id, GENERAL_TOPIC)
    topic = Topic(0, name, color, text(call.params, "icon_custom_emoji_id"))
    shown: Json = {"name": name, "icon_color": color}
    if topic.icon_custom_emoji_id:
        shown["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    message = call.telegram.post(chat, call.bot.public(), {"forum_topic_created": shown}, topic)
    topic.id = message["message_thread_id"]
    chat.topics[topic.id] = topic
    return {"message_thread_id": topic.id} | shown


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Rename a topic or change its icon."""
    chat, topic = _chat_and_topic(call)
    name = text(call.params, "name").strip()[:_MAX_NAME_LENGTH] or topic.name
    icon = call.params.get("icon_custom_emoji_id")
    emoji = topic.icon_custom_emoji_id if icon is None else str(icon)
    changes = {"name": name} if name != topic.name else {}
    if emoji != topic.icon_custom_emoji_id:
        changes["icon_custom_emoji_id"] = emoji
    if not changes:
        _not_modified()
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
    del chat.topics[topic.id]
    inside = [number for number, message in chat.messages.items() if message.get("message_thread_id") == topic.id]
    for number in inside:
        del chat.messages[number]
    call.telegram.touch(chat)
    return True


def _forum(call: Call) -> Chat:
    chat = call.chat()
    # A supergroup that was not configured becomes a forum when it is used as a forum.
    if chat.type != "supergroup" or chat.is_forum is False:
        reason = "the chat is not a forum"
        raise bad_request(reason)
    chat.is_forum = True
    return chat


def _chat_and_topic(call: Call) -> tuple[Chat, Topic]:
    chat = _forum(call)
    topic = call.topic(chat)
    if topic is None:
        reason = "message thread not found"
        raise bad_request(reason)
    return chat, topic


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat, topic = _chat_and_topic(call)
    if topic.closed is closed:
        _not_modified()
    topic.closed = closed
    _post_service_message(call, chat, topic, "forum_topic_closed" if closed else "forum_topic_reopened", {})
    return True


def _not_modified() -> None:
    reason = "TOPIC_NOT_MODIFIED"
    raise bad_request(reason)


def _post_service_message(call: Call, chat: Chat, topic: Topic, event: str, content: Json) -> None:
    call.telegram.post(chat, call.bot.public(), {event: content}, topic)
