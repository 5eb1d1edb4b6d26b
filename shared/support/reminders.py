"""Who is chased about a request that nobody took: one action a look, the latest that is due, however late it looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.support.mute import HandoverStatus
from shared.support.working_time import WorkingHours, due_at, working_minutes

Action = Literal["reminder_1", "reminder_2", "auto_close"]


@dataclass(frozen=True)
class Timeouts:
    """Working minutes since the request; the database keeps them in order."""

    reminder_timeout_1: int = 30
    reminder_timeout_2: int = 60
    auto_close_timeout: int = 120


@dataclass(frozen=True)
class OpenHandover:
    """A handover as the sweep sees it; `is_talked_to` is whether a person wrote to the client since."""

    created_at: datetime
    status: HandoverStatus = "pending"
    reminder_1_sent_at: datetime | None = None
    reminder_2_sent_at: datetime | None = None
    is_talked_to: bool = False


def due(request: OpenHandover, timeouts: Timeouts, hours: WorkingHours | None, now: datetime) -> Action | None:
    """The one action that is due. What it has overtaken is never sent."""
    left = _remaining(request, timeouts)
    if not left:
        return None
    waited = working_minutes(hours, request.created_at, now)
    return next((action for action, minutes in reversed(left) if waited >= minutes), None)


def remind_at(request: OpenHandover, timeouts: Timeouts, hours: WorkingHours | None) -> datetime | None:
    """When there is something to do next; None: never."""
    left = _remaining(request, timeouts)
    return due_at(hours, request.created_at, left[0][1]) if left else None


def _remaining(request: OpenHandover, timeouts: Timeouts) -> list[tuple[Action, int]]:
    """What may still happen, in order."""
    if request.status != "pending" or request.is_talked_to:
        return []
    close: tuple[Action, int] = ("auto_close", timeouts.auto_close_timeout)
    second: tuple[Action, int] = ("reminder_2", timeouts.reminder_timeout_2)
    first: tuple[Action, int] = ("reminder_1", timeouts.reminder_timeout_1)
    if request.reminder_2_sent_at:
        return [close]
    return [second, close] if request.reminder_1_sent_at else [first, second, close]
