"""Methods of chats themselves: what they are, who is in them, what the bot is seen to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.params import integer, json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json

_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_audio", "upload_audio", "record_voice",
    "upload_voice", "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip
_RIGHTS_NOT_GIVEN = (
    "is_anonymous", "can_be_edited", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_welcome_messages",
)  # fmt: skip
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_IN_PRIVATE = 2


@method("getChat")
def get_chat(call: Call) -> Json:
    """The ChatFullInfo object of a chat."""
    chat = call.chat()
    extras = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    return chat.public() | extras | ({"pinned_message": pinned} if pinned else {})


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """The ChatMember object, with the status as it was set; somebody of whom nothing was said is a member."""
    chat, number = call.chat(), integer(call.params, "user_id")
    if not number:
        reason = "invalid user_id specified"
        raise bad_request(reason)
    if number == call.bot.id:
        return _bot_member(call, chat)
    if number == chat.creator and chat.type != "private":
        return _creator(call, chat)
    return _member(call, chat, number)


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """The creator, the bot if it is one, and people who were made one."""
    chat = call.chat()
    if chat.type == "private":
        reason = "there are no administrators in the private chat"
        raise bad_request(reason)
    bot = [_bot_member(call, chat)] if chat.bot_status == "administrator" else []
    people = [number for number, status in chat.statuses.items() if status == "administrator"]
    return [_creator(call, chat), *bot, *(_member(call, chat, number) for number in people)]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many are in the chat."""
    chat = call.chat()
    return _IN_PRIVATE if chat.type == "private" else chat.members


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """The bot leaves a group."""
    chat = call.chat()
    if chat.type == "private":
        reason = "chat member status can't be changed in private chats"
        raise bad_request(reason)
    chat.blocked = f"Forbidden: bot is not a member of the {chat.type} chat"
    return True


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """What the bot is seen to do."""
    if text(call.params, "action") not in _ACTIONS:
        reason = "wrong parameter action in request"
        raise bad_request(reason)
    call.topic(call.chat_to_write())
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """The bot's reaction to a message."""
    chat = call.chat_to_write()
    message = chat.messages.get(integer(call.params, "message_id") or 0)
    if message is None:
        reason = "message to react not found"
        raise bad_request(reason)
    reactions = json_value(call.params, "reaction") or []
    if not isinstance(reactions, list) or not all(isinstance(reaction, dict) for reaction in reactions):
        reason = "reactions must be an Array of Objects"
        raise bad_request(reason)
    chat.reactions[message["message_id"]] = reactions
    call.telegram.touch(chat)
    return True


def _creator(call: Call, chat: Chat) -> Json:
    return {"user": _person(call, chat.creator), "status": "creator", "is_anonymous": False}


def _member(call: Call, chat: Chat, number: int) -> Json:
    status = chat.statuses.get(number, "member")
    member: Json = {"user": _person(call, number), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= {"can_manage_chat": True} | dict.fromkeys((*_RIGHTS_NOT_GIVEN, "can_delete_messages"), False)
    return member


def _person(call: Call, number: int) -> Json:
    return call.telegram.people.get(number) or {"id": number, "is_bot": False, "first_name": f"Участник {number}"}


def _bot_member(call: Call, chat: Chat) -> Json:
    member: Json = {"user": call.bot.public(), "status": chat.bot_status}
    if chat.bot_status != "administrator":
        return member
    rights = {
        "can_manage_chat": True,
        "can_manage_topics": chat.manages_topics,
        "can_delete_messages": chat.deletes_messages,
        "can_pin_messages": chat.pins_messages,
    }
    return member | dict.fromkeys(_RIGHTS_NOT_GIVEN, False) | rights
