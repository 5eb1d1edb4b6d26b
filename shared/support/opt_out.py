"""Opt-out: which messages refuse the bot, and for how long it then leaves the customer alone.

A refusal is a message that asks nothing and, but for case, punctuation, emoji and stretched letters, is made of nothing
but words of refusal and courtesy, at least one of them refusing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.support.mute import Bot, HandoverStatus, mute
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
    """The desk's settings: for how long the first refusal mutes the bot, and each one after it."""

    first_mute_minutes: int = 30
    second_mute_minutes: int = 1440
    no_count_reset_minutes: int = 1440


@dataclass(frozen=True)
class OptOutState:
    """A conversation before the message came; `handover` is the open one's status."""

    bot: Bot
    no_count: int = 0
    last_message_at: datetime | None = None
    handover: HandoverStatus | None = None


@dataclass(frozen=True)
class AfterOptOut:
    """What to write; `handover` is the open one's new status when the refusal cancelled it."""

    bot: Bot
    no_count: int
    handover: HandoverStatus | None = None


def is_opt_out(text: str, tokens: Iterable[str] | None = None) -> bool:
    """Whether it is one: «Нет», «не надо, спасибо 🙏», «No!»; not «нет времени, подскажите…», not «нет?».

    `tokens` are the text's, where they are known.
    """
    if "?" in text:
        return False
    words = " ".join(tokenize(text) if tokens is None else tokens)
    rest, refusing = OPT_OUT_PHRASES.subn("", _REPEATED_LETTERS.sub(r"\1", words))
    return refusing > 0 and not COURTESY_WORDS.sub("", rest).strip()


def with_opt_out_counted(state: OptOutState, now: datetime, settings: Mutes) -> int:
    """The no_count that is still valid: a pause resets it. Store it at each message: the next one sees no pause."""
    last, reset = state.last_message_at, timedelta(minutes=settings.no_count_reset_minutes)
    return 0 if last is None or now - last >= reset else state.no_count


def after_opt_out(state: OptOutState, now: datetime, settings: Mutes) -> AfterOptOut:
    """A pending handover is cancelled, an active one goes on; without one the refusal is counted and mutes the bot."""
    no_count = with_opt_out_counted(state, now, settings)
    if state.handover in ("pending", "active"):
        cancelled = TRANSITIONS.get((state.handover, "cancel"))
        return AfterOptOut(state.bot, no_count, cancelled)
    minutes = settings.first_mute_minutes if no_count == 0 else settings.second_mute_minutes
    return AfterOptOut(mute(state.bot, now, minutes), no_count + 1)
