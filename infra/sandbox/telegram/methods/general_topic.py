"""Methods of a forum's General topic, and the icons that topics can have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.methods.topics import MAX_NAME_LENGTH, check_rights, forum, not_modified
from infra.sandbox.telegram.params import text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Chat, Json

_ICONS = ("📰", "💬", "📆", "💡", "❓", "⭐️")
_FIRST_ICON = 5_312_000_000_000_000_001


@method("getForumTopicIconStickers")
def icon_stickers(_call: Call) -> list[Json]:
    """The stickers that topics can have; Telegram's own are more, and others."""
    return [
        {
            "file_id": f"CAACAgIAAxkBSandboxIcon{number}", "file_unique_id": f"AgADSandboxIco{number}",
            "file_size": 21_000,
            "type": "custom_emoji", "width": 512, "height": 512, "is_animated": True, "is_video": False,
            "emoji": emoji, "custom_emoji_id": str(_FIRST_ICON + number), "set_name": "Topics",
            "thumbnail": {
                "file_id": f"AAMCAgADGQEASandboxIcon{number}", "file_unique_id": f"AQADSandboxIcon{number}",
                "file_size": 4_000, "width": 128, "height": 128,
            },
        }
        for number, emoji in enumerate(_ICONS)
    ]  # fmt: skip


@method("editGeneralForumTopic")
def rename(call: Call) -> bool:
    """Rename General."""
    chat, name = _managed(call), text(call.params, "name").strip()[:MAX_NAME_LENGTH]
    if not name:
        reason = "name must be non-empty"
        raise bad_request(reason)
    if name == chat.general.name:
        not_modified()
    chat.general.name = name
    call.telegram.post(chat, call.bot.public(), {"forum_topic_edited": {"name": name}})
    return True


def _switch(call: Call, field: str, event: str, *, on: bool) -> bool:
    chat = _managed(call)
    if getattr(chat.general, field) is on:
        not_modified()
    setattr(chat.general, field, on)
    call.telegram.post(chat, call.bot.public(), {event: {}})
    return True


for _name, _field, _event, _on in (
    ("closeGeneralForumTopic", "closed", "forum_topic_closed", True),
    ("reopenGeneralForumTopic", "closed", "forum_topic_reopened", False),
    ("hideGeneralForumTopic", "hidden", "general_forum_topic_hidden", True),
    ("unhideGeneralForumTopic", "hidden", "general_forum_topic_unhidden", False),
):
    method(_name)(partial(_switch, field=_field, event=_event, on=_on))


def _managed(call: Call) -> Chat:
    chat = forum(call)
    check_rights(call, chat, chat.general)
    return chat
