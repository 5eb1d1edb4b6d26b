"""What happens to a handover that is due."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.support import reminders
from shared.support.conversations import Conversation, Handover
from shared.support.reminders import Action, OpenHandover
from shared.support.working_time import working_minutes

Obstacle = Literal["client_without_settings", "working_hours_not_understood", "client_without_group"]


@dataclass(frozen=True)
class Step:
    """The one action, and when to look next. No action: somebody talks to the client, or it is not time yet."""

    conversation: Conversation
    handover: Handover
    action: Action | None
    waited: int  # working minutes
    remind_at: datetime | None


def decide(conversation: Conversation, handover: Handover) -> Step | Obstacle:
    """The step for a locked talk's handover, or what stands in its way until somebody mends the client's settings."""
    client = conversation.client
    try:
        hours = client.hours
    except ValueError:
        return "working_hours_not_understood"
    request = OpenHandover(
        handover.created_at,
        handover.status,
        handover.reminder_1_sent_at,
        handover.reminder_2_sent_at,
        is_talked_to=conversation.is_talked_to,
    )
    action = reminders.due(request, client.timeouts, hours, conversation.now)
    has_group = client.telegram_bot_id is not None and client.telegram_chat_id is not None
    if action in ("reminder_1", "reminder_2") and not has_group:
        return "client_without_group"
    waited = round(working_minutes(hours, handover.created_at, conversation.now))
    next_look = reminders.remind_at(_after(request, action, conversation.now), client.timeouts, hours)
    return Step(conversation, handover, action, waited, next_look)


def _after(request: OpenHandover, action: Action | None, now: datetime) -> OpenHandover:
    match action:
        case "reminder_1":
            return replace(request, reminder_1_sent_at=now)
        case "reminder_2":
            return replace(request, reminder_2_sent_at=now)
        case "auto_close":
            return replace(request, status="timeout")
        case None:
            return request
