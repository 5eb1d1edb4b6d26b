"""Updates of conversations and their handovers: state, history and counts, in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.database import sql
from shared.database.pool import Connection
from shared.support.actor import Actor
from shared.support.conversations import Conversation
from shared.support.mute import Bot, HandoverStatus
from shared.support.state_machine import Transition, transition

Event = Literal["joined", "taken", "resolved", "returned", "reminder_1", "reminder_2", "timeout", "cancelled"]

_EVENTS: Mapping[Transition, Event] = {
    "take": "taken",
    "manager_wrote": "taken",
    "resolve": "resolved",
    "return_to_bot": "returned",
    "close": "timeout",
    "cancel": "cancelled",
}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class ConversationUpdate:
    """What changes in a conversation; what is None stays. `remind_at` comes with a reminder."""

    conversation: Conversation
    bot: Bot
    status: HandoverStatus | None = None  # of the handover
    event: Event | None = None  # for its history
    by: Actor | None = None
    no_count: int | None = None
    answered: bool = False  # a manager wrote to the customer
    remind_at: datetime | None = None


def from_transition(conversation: Conversation, move: Transition, by: Actor | None = None) -> ConversationUpdate | None:
    """The update that a move of the conversation's handover makes; None: the move is illegal from its status."""
    if conversation.handover is None:
        return None
    minutes = conversation.desk.manager_mute_minutes
    moved = transition(
        conversation.handover.status, move, conversation.bot, conversation.now, manager_mute_minutes=minutes
    )
    if moved is None:
        return None
    changed = moved.status != conversation.handover.status
    return ConversationUpdate(
        conversation,
        moved.bot,
        status=moved.status if changed else None,
        event=_EVENTS[move] if changed else None,
        by=by,
        answered=move == "manager_wrote",
    )


async def write(connection: Connection, conversation_updates: Sequence[ConversationUpdate]) -> None:
    """Write the updates. The caller has locked the conversations. The database refuses illegal moves."""
    if conversation_updates:
        await connection.execute(
            _SQL["write"], {"updates": json.dumps([_row(update) for update in conversation_updates])}
        )


def _row(update: ConversationUpdate) -> dict[str, Any]:
    handover, by = update.conversation.handover, update.by
    return {
        "conversation_id": str(update.conversation.conversation_id),
        "handover_id": str(handover.id) if handover else None,
        "bot_status": update.bot.bot_status,
        "bot_muted_until": _text(update.bot.bot_muted_until),
        "no_count": update.no_count,
        "status": update.status,
        "event": update.event,
        "actor": by.name_in(update.conversation.desk.language) if by else None,
        "actor_id": by.telegram_id if by else None,
        "answered": update.answered,
        "remind_at": _text(update.remind_at),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
