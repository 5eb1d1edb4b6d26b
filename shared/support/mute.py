"""Whether the bot may answer: not while a manager has the conversation, and not while it is muted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

HandoverStatus = Literal["pending", "active", "resolved", "bot_handling", "timeout"]
BotStatus = Literal["active", "muted"]


@dataclass(frozen=True)
class Bot:
    """A conversation's bot. Muted until None: until somebody unmutes it."""

    bot_status: BotStatus = "active"
    bot_muted_until: datetime | None = None


UNMUTED = Bot()


def may_answer(bot: Bot, handover: HandoverStatus | None, now: datetime) -> bool:
    """Whether the bot may answer; `handover` is the open one's status.

    While a handover is pending the bot still helps; an active one is a manager's, also after the mute ran out.
    """
    return handover != "active" and not _muted(bot, now)


def mute(bot: Bot, now: datetime, minutes: int) -> Bot:
    """Muted for so long from now; a mute that lasts longer stays."""
    until = now + timedelta(minutes=minutes)
    if bot.bot_status == "muted" and (bot.bot_muted_until is None or bot.bot_muted_until > until):
        return bot
    return Bot("muted", until)


def manager_wrote(bot: Bot, now: datetime, manager_mute_minutes: int) -> Bot:
    """The bot after a manager wrote, in the topic or on the phone: each message mutes it anew."""
    return mute(bot, now, manager_mute_minutes)


def has_expired(bot: Bot, handover: HandoverStatus | None, now: datetime) -> bool:
    """Whether the sweep unmutes the bot now."""
    return bot.bot_status == "muted" and may_answer(bot, handover, now)


def _muted(bot: Bot, now: datetime) -> bool:
    return bot.bot_status == "muted" and (bot.bot_muted_until is None or now < bot.bot_muted_until)
