"""Open a handover: the row, its history, the card that calls managers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.support import cards, reminders
from shared.support.conversations import Conversation
from shared.support.escalation import TriggerType
from shared.support.outgoing import LinkedMessage
from shared.support.reminders import OpenHandover
from shared.support.working_time import WorkingHours

MAX_TRIGGER = 1000  # characters

_SQL = sql.load(__file__)


async def open_handover(
    connection: Connection,
    conversation: Conversation,
    trigger_type: TriggerType,
    trigger_text: str,
    correlation_id: str,
) -> tuple[UUID | None, list[LinkedMessage]]:
    """Open a handover of a locked conversation; its id, and its card to enqueue.

    The id is None when one is open already. A desk without a group gets no card; `carillon doctor` reports it.
    """
    parameters: Mapping[str, Any] = {
        "conversation_id": conversation.conversation_id,
        "client_id": conversation.desk.id,
        "trigger_type": trigger_type,
        "trigger_text": shorten(trigger_text, MAX_TRIGGER),
        "created_at": conversation.now,
        "remind_at": reminders.remind_at(
            OpenHandover(conversation.now), conversation.desk.timeouts, working_hours(conversation)
        ),
    }
    row = await sql.fetch_optional(connection, _SQL["open_handover"], parameters)
    if row is None:
        return None, []
    loaded = await cards.load(connection, [row["id"]])
    if not loaded:
        logs.error("handover_without_group", client_id=str(conversation.desk.id), next_step="carillon doctor")
    return row["id"], [cards.fresh(card, correlation_id) for card in loaded]


def working_hours(conversation: Conversation) -> WorkingHours | None:
    """The desk's hours; None: always open, as with invalid ones, which must not keep a person from being called."""
    try:
        return conversation.desk.hours
    except ValueError:
        logs.error(
            "working_hours_not_understood", client_id=str(conversation.desk.id), next_step="carillon support settings"
        )
        return None
