"""Types of updates that we have no use for, and why (Bot API 10.5, Update)."""

from collections.abc import Mapping

UNUSED_TYPES: Mapping[str, str] = {
    "channel_post": "channels are nobody's conversation",
    "edited_channel_post": "channels are nobody's conversation",
    "business_connection": "business accounts are not connected",
    "business_message": "business accounts are not connected",
    "edited_business_message": "business accounts are not connected",
    "deleted_business_messages": "business accounts are not connected",
    "guest_message": "the bot is nobody's guest",
    "message_reaction": "a reaction is no message: WhatsApp gets none",
    "message_reaction_count": "a reaction is no message: WhatsApp gets none",
    "inline_query": "the bot has no inline mode",
    "chosen_inline_result": "the bot has no inline mode",
    "shipping_query": "the bot sells nothing",
    "pre_checkout_query": "the bot sells nothing",
    "purchased_paid_media": "the bot sells nothing",
    "subscription": "the bot sells nothing",
    "poll": "votes stay in the group",
    "poll_answer": "votes stay in the group",
    "chat_member": "who is in the group does not matter",
    "chat_join_request": "people let each other in",
    "chat_boost": "boosts change nothing for us",
    "removed_chat_boost": "boosts change nothing for us",
    "widget_query": "the bot sends no widgets",
    "shared_widget_query": "the bot sends no widgets",
    "managed_bot": "the bot manages no bots",
    "stopped_message_generation": "the bot generates no messages in Telegram",
}
