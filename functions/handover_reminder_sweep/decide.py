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
    """The one action that is due now, if any, and when there will be another."""

    conversation: Conversation
    handover: Handover
    action: Action | None
    waited: int  # working minutes
    remind_at: datetime | None


def decide(conversation: Conversation, handover: Handover) -> Step | Obstacle:
    """The step for the handover of a locked conversation, or the fault in the desk's settings that prevents it."""
    desk = conversation.desk
    try:
        hours = desk.hours
    except ValueError:
        return "working_hours_not_understood"
    waiting = OpenHandover(
        handover.created_at,
        handover.status,
        handover.reminder_1_sent_at,
        handover.reminder_2_sent_at,
        has_manager_reply=conversation.has_manager_reply,
    )
    action = reminders.due(waiting, desk.timeouts, hours, conversation.now)
    if action in ("reminder_1", "reminder_2") and not desk.has_group:
        return "client_without_group"
    waited = round(working_minutes(hours, handover.created_at, conversation.now))
    remind_at = reminders.remind_at(_after(waiting, action, conversation.now), desk.timeouts, hours)
    return Step(conversation, handover, action, waited, remind_at)


def _after(handover: OpenHandover, action: Action | None, now: datetime) -> OpenHandover:
    match action:
        case "reminder_1":
            return replace(handover, reminder_1_sent_at=now)
        case "reminder_2":
            return replace(handover, reminder_2_sent_at=now)
        case "auto_close":
            return replace(handover, status="timeout")
        case None:
            return handover
