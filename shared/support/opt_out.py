"""A client's «нет»: what is one, and for how long the bot leaves them alone.

A refusal is a message that asks nothing and, but for case, punctuation, emoji and stretched letters, is made of nothing
but words of refusal and courtesy, at least one of them refusing.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.support import mute as bots
from shared.support.mute import Bot, HandoverStatus
from shared.support.state_machine import TRANSITIONS
from shared.support.tokens import tokenize

OPT_OUT_PHRASES = re.compile(
    r"\b(?:(?:ничего )?не (?:надо|нужно|нужен|нужна|нужны|хочу|интересно|интересует|актуально|пишите|беспокойте)"
    r"|нет|неа|ненадо|ненужно|неинтересно|неактуально|отстаньте|стоп"
    r"|жок|(?:керек|кажет) емес"
    r"|no|nope|stop|not interested)\b"
)
COURTESY_WORDS = re.compile(
    r"\b(?:спасибо|благодарю|пожалуйста|извините|мне|нам|уже|больше|пока|рахмет|thanks|thank you|please|sorry)\b"
)
_REPEATED_LETTERS = re.compile(r"(\w)\1+")


@dataclass(frozen=True)
class Mutes:
    """The client's settings of it."""

    first_mute_minutes: int = 30
    second_mute_minutes: int = 1440
    no_count_reset_minutes: int = 1440


@dataclass(frozen=True)
class OptOutState:
    """As it was before the message came; `handover` is the open one's status."""

    bot: Bot
    no_count: int = 0
    last_message_at: datetime | None = None
    handover: HandoverStatus | None = None


@dataclass(frozen=True)
class AfterOptOut:
    """What to write down; `handover` is the open one's new status when the refusal cancelled it."""

    bot: Bot
    no_count: int
    handover: HandoverStatus | None = None


def is_opt_out(text: str) -> bool:
    """«Нет», «не надо, спасибо 🙏», «No!»; not «нет времени, подскажите…», not «нет?»."""
    if "?" in text:
        return False
    rest, refusing = OPT_OUT_PHRASES.subn("", _REPEATED_LETTERS.sub(r"\1", " ".join(tokenize(text))))
    return refusing > 0 and not COURTESY_WORDS.sub("", rest).strip()


def with_opt_out_counted(conversation: OptOutState, now: datetime, settings: Mutes) -> int:
    """The no_count that still counts. Ask at each message of the client: the next one no longer sees the silence."""
    last, reset = conversation.last_message_at, timedelta(minutes=settings.no_count_reset_minutes)
    return 0 if last is None or now - last >= reset else conversation.no_count


def after_opt_out(conversation: OptOutState, now: datetime, settings: Mutes) -> AfterOptOut:
    """A waiting request is cancelled, a manager's conversation goes on; else it is counted, and mutes the bot."""
    no_count = with_opt_out_counted(conversation, now, settings)
    if conversation.handover in ("pending", "active"):
        cancelled = TRANSITIONS.get((conversation.handover, "cancel"))
        return AfterOptOut(conversation.bot, no_count, cancelled)
    minutes = settings.first_mute_minutes if no_count == 0 else settings.second_mute_minutes
    return AfterOptOut(bots.mute(conversation.bot, now, minutes), no_count + 1)
