"""Replies to the customer in WhatsApp: the bot's and the managers'."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.delivery.enqueue import Message
from shared.delivery.kinds import BOT_REPLY, Kind
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage


def reply(
    conversation: Conversation,
    message_id: UUID,
    payload: Mapping[str, Any],
    kind: Kind,
    correlation_id: str,
    method: str = "sendMessage",
) -> LinkedMessage | None:
    """The message that carries a support.messages row to the customer; None when the desk has no WhatsApp account."""
    if conversation.desk.whatsapp_bot_id is None:
        return None
    message = Message(
        bot_id=conversation.desk.whatsapp_bot_id,
        recipient=conversation.recipient,
        kind=kind,
        method=method,
        dedup_key=f"support/message/{message_id}",
        payload=payload,
        correlation_id=correlation_id,
        guard={"conversation_id": str(conversation.conversation_id)} if kind is BOT_REPLY else None,
    )
    return LinkedMessage(message, carries=message_id)
