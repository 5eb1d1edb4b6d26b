"""How a handover is opened: the row, its history, the card that calls people."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.support import cards, reminders
from shared.support.conversations import Conversation
from shared.support.escalation import TriggerType
from shared.support.outgoing import LinkedMessage
from shared.support.reminders import OpenHandover
from shared.support.working_time import WorkingHours

_SQL = sql.load(__file__)


async def open_handover(
    connection: Connection,
    conversation: Conversation,
    trigger_type: TriggerType,
    trigger_text: str,
    correlation_id: str,
) -> tuple[UUID | None, list[LinkedMessage]]:
    """Open a handover of a locked talk; its id, and its card to be sent.

    None when one is open: the database has at most one. Without a group nobody sees a card; `carillon doctor` says so.
    """
    parameters: Mapping[str, Any] = {
        "conversation_id": conversation.conversation_id,
        "client_id": conversation.client.id,
        "trigger_type": trigger_type,
        "trigger_text": trigger_text[:1000],
        "created_at": conversation.now,
        "remind_at": reminders.remind_at(
            OpenHandover(conversation.now), conversation.client.timeouts, working_hours(conversation)
        ),
    }
    row = await (await connection.execute(_SQL["open_handover"], parameters)).fetchone()
    if row is None:
        return None, []
    shown = await cards.load(connection, [row["id"]])
    if not shown:
        logs.error("handover_without_group", client_id=str(conversation.client.id), next_step="carillon doctor")
    return row["id"], [cards.fresh(card, correlation_id) for card in shown]


def working_hours(conversation: Conversation) -> WorkingHours | None:
    """The client's hours. Nonsense in the table must not keep a person from being called: it counts as always."""
    try:
        return conversation.client.hours
    except ValueError:
        logs.error(
            "working_hours_not_understood", client_id=str(conversation.client.id), next_step="carillon support settings"
        )
        return None
