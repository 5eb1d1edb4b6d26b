"""What goes to the client in WhatsApp: the bot's words and a manager's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.delivery.enqueue import Message
from shared.delivery.kinds import BOT_REPLY, Kind
from shared.support.conversations import Talk
from shared.support.outgoing import Letter


def reply(
    talk: Talk,
    message_id: UUID,
    payload: Mapping[str, Any],
    kind: Kind,
    correlation_id: str,
    method: str = "sendMessage",
) -> Letter | None:
    """The letter that carries a support.messages row to the client; None when their desk has no WhatsApp account."""
    if talk.client.whatsapp_bot_id is None:
        return None
    message = Message(
        bot_id=talk.client.whatsapp_bot_id,
        recipient=talk.remote_jid,
        kind=kind,
        method=method,
        dedup_key=f"support/message/{message_id}",
        payload=payload,
        correlation_id=correlation_id,
        guard={"conversation_id": str(talk.conversation_id)} if kind is BOT_REPLY else None,
    )
    return Letter(message, carries=message_id)
