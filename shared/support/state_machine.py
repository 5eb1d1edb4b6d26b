"""The handover's state machine: a table of moves, and what each means for the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.support import mute as bots
from shared.support.mute import UNMUTED, Bot, HandoverStatus

Transition = Literal["take", "resolve", "return_to_bot", "close", "manager_wrote", "cancel"]
BotStatusAfter = Literal["mutes", "lifts", "keeps"]

OPEN: tuple[HandoverStatus, ...] = ("pending", "active")

# `close` is the sweep's: nobody took it. `cancel` is the client's refusal. It leads to bot_handling, as the
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
    "take": "mutes",
    "manager_wrote": "mutes",
    "resolve": "lifts",
    "return_to_bot": "lifts",
    "close": "lifts",
    "cancel": "keeps",
}


@dataclass(frozen=True)
class Transitioned:
    """What a legal move leaves."""

    status: HandoverStatus
    bot: Bot


def transition(
    status: HandoverStatus, move: Transition, bot: Bot, now: datetime, *, manager_mute_minutes: int = 60
) -> Transitioned | None:
    """The state after a move, or None when there is no such move from here: a stale card, a second press."""
    to = TRANSITIONS.get((status, move))
    if to is None:
        return None
    match BOT_STATUS_AFTER[move]:
        case "mutes":
            return Transitioned(to, bots.manager_wrote(bot, now, manager_mute_minutes))
        case "lifts":
            return Transitioned(to, UNMUTED)
        case "keeps":
            return Transitioned(to, bot)
