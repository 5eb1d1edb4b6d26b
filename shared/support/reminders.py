"""What is done about a handover that nobody took: one action at a time, the latest that is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.support.mute import HandoverStatus
from shared.support.working_time import WorkingHours, due_at, working_minutes

Action = Literal["reminder_1", "reminder_2", "auto_close"]


@dataclass(frozen=True)
class Timeouts:
    """Working minutes since the handover was opened; the database keeps them in order."""

    reminder_timeout_1: int = 30
    reminder_timeout_2: int = 60
    auto_close_timeout: int = 120


@dataclass(frozen=True)
class OpenHandover:
    """A handover that may wait; `has_manager_reply`: a manager has written to the customer since it was opened."""

    created_at: datetime
    status: HandoverStatus = "pending"
    reminder_1_sent_at: datetime | None = None
    reminder_2_sent_at: datetime | None = None
    has_manager_reply: bool = False


def due(handover: OpenHandover, timeouts: Timeouts, hours: WorkingHours | None, now: datetime) -> Action | None:
    """The one action that is due at `now`. Actions that it has overtaken are never done."""
    remaining = _remaining(handover, timeouts)
    if not remaining:
        return None
    waited = working_minutes(hours, handover.created_at, now)
    return next((action for action, minutes in reversed(remaining) if waited >= minutes), None)


def remind_at(handover: OpenHandover, timeouts: Timeouts, hours: WorkingHours | None) -> datetime | None:
    """When the next action is due; None: never."""
    remaining = _remaining(handover, timeouts)
    return due_at(hours, handover.created_at, remaining[0][1]) if remaining else None


def _remaining(handover: OpenHandover, timeouts: Timeouts) -> list[tuple[Action, int]]:
    """What may still happen, in order."""
    if handover.status != "pending" or handover.has_manager_reply:
        return []
    close: tuple[Action, int] = ("auto_close", timeouts.auto_close_timeout)
    second: tuple[Action, int] = ("reminder_2", timeouts.reminder_timeout_2)
    first: tuple[Action, int] = ("reminder_1", timeouts.reminder_timeout_1)
    if handover.reminder_2_sent_at:
        return [close]
    return [second, close] if handover.reminder_1_sent_at else [first, second, close]
