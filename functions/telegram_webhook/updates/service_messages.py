"""Messages that nobody wrote: «X joined», «topic renamed».

Fields of Message as of Bot API 10.5. One that is in neither list is told in the topic until it is known.
"""

from collections.abc import Mapping
from typing import Any

SERVICE = frozenset({
    "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant",
    "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created",
    "channel_chat_created", "chat_owner_left", "chat_owner_changed", "message_auto_delete_timer_changed",
    "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "successful_payment", "refunded_payment",
    "users_shared", "user_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent", "connected_website",
    "write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added", "chat_background_set",
    "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed", "forum_topic_created",
    "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
    "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed", "managed_bot_created",
    "paid_message_price_changed", "poll_option_added", "poll_option_deleted", "suggested_post_approved",
    "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
    "web_app_data", "community_chat_added", "community_chat_removed", "community_chat_joined",
    "message_generation_stopped",
})  # fmt: skip

CONTENT = frozenset({
    "text", "caption", "rich_message", "animation", "audio", "document", "live_photo", "paid_media", "photo", "sticker",
    "story", "video", "video_note", "voice", "checklist", "contact", "dice", "game", "poll", "venue", "location",
    "invoice", "giveaway", "giveaway_winners", "widget",
})  # fmt: skip


def is_service(message: Mapping[str, Any]) -> bool:
    """Whether it is a service message, and holds nothing that somebody wrote."""
    return not SERVICE.isdisjoint(message) and CONTENT.isdisjoint(message)
