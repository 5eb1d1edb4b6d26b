"""The handover's state machine: the transitions, and what each does to the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.support.mute import UNMUTED, Bot, HandoverStatus, manager_wrote

Transition = Literal["take", "resolve", "return_to_bot", "close", "manager_wrote", "cancel"]
BotStatusAfter = Literal["muted", "unmuted", "unchanged"]

OPEN: tuple[HandoverStatus, ...] = ("pending", "active")

# `close` is the sweep's: nobody took it. `cancel` is the customer's opt-out. It leads to bot_handling, as the
# conversation is the bot's again: `resolved` would credit a manager with it, `timeout` would blame one. Nobody cancels
# what is active: there «нет» answers the manager's question.
TRANSITIONS: Mapping[tuple[HandoverStatus, Transition], HandoverStatus] = {
    ("pending", "take"): "active",
    ("pending", "manager_wrote"): "active",
    ("active", "manager_wrote"): "active",
    ("active", "resolve"): "resolved",
    ("pending", "return_to_bot"): "bot_handling",
    ("active", "return_to_bot"): "bot_handling",
    ("pending", "close"): "timeout",
    ("pending", "cancel"): "bot_handling",
}

BOT_STATUS_AFTER: Mapping[Transition, BotStatusAfter] = {
    "take": "muted",
    "manager_wrote": "muted",
    "resolve": "unmuted",
    "return_to_bot": "unmuted",
    "close": "unmuted",
    "cancel": "unchanged",
}


@dataclass(frozen=True)
class Transitioned:
    """The state after a legal transition."""

    status: HandoverStatus
    bot: Bot


def transition(
    status: HandoverStatus, move: Transition, bot: Bot, now: datetime, *, manager_mute_minutes: int = 60
) -> Transitioned | None:
    """The state after a move, or None when it is illegal from here: a stale card, a second press."""
    to = TRANSITIONS.get((status, move))
    if to is None:
        return None
    match BOT_STATUS_AFTER[move]:
        case "muted":
            return Transitioned(to, manager_wrote(bot, now, manager_mute_minutes))
        case "unmuted":
            return Transitioned(to, UNMUTED)
        case "unchanged":
            return Transitioned(to, bot)
