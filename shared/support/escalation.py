"""When a person is called: words that ask for one, what the classifier makes of the rest, and whom it pages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from shared.support.mute import HandoverStatus
from shared.support.state_machine import OPEN
from shared.support.tokens import tokenize

TriggerType = Literal["keyword", "intent", "manual", "timeout"]

# `основ*` takes an ending of up to three letters, between two words up to two others may stand, `=` is the whole
# message. «Человек» alone would call a manager for «столик на 4 человека».
DEFAULT_KEYWORDS_TEXT = """
    оператор*, менеджер*, администратор*, консультант*, позовите, позови, позвать кого, не ботом, не роботом,
    =человек, =человека, =живой, =люди, живой человек, живого человека, живому человеку, живым человеком,
    кто живой, нибудь живой, нужен человек, дайте человек*, поговорить человеком, говорить человеком,
    пообщаться человеком, общаться человеком, связаться человеком, свяжите человеком, соедин* человеком,
    переключ* человек*, переведите человек*,
    жалоб*, пожаловаться, жаловаться, жалуюсь, претензи*, прокуратур*, роспотребнадзор*, подам в суд, мошенник*,
    обманули, верните деньг*, верни деньг*, вернуть деньг*, деньг* верните, деньг* обратно, возврат* денег,
    возврат* средств, верните оплат*, верните предоплат*, вернуть предоплат*,
    адам керек, адаммен, тірі адам*, шақырыңыз, шағым*, шағымданамын, ақша* қайтар*, ақша* қайтарыңыз,
    operator*, manager*, human, real person, live agent, speak person, talk person, complaint*, money back,
    want refund, refund me
"""
DEFAULT_KEYWORDS = tuple(keyword.strip() for keyword in DEFAULT_KEYWORDS_TEXT.split(","))
DEFAULT_INTENTS = frozenset({"human_request", "complaint", "refund", "escalation"})


@dataclass(frozen=True)
class Classified:
    """What the classifier made of a message."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Signal:
    """A message: what in it asks for a person, what the classifier makes of it, and whether the bot may answer."""

    asked: TriggerType | None = None
    classified: Classified | None = None
    may_answer: bool = True


@dataclass(frozen=True)
class EscalationSettings:
    """The client's settings of it."""

    has_model: bool = True
    confidence_threshold: float = 0.6
    escalation_cooldown_minutes: int = 30
    escalation_intents: frozenset[str] = DEFAULT_INTENTS


@dataclass(frozen=True)
class PreviousHandover:
    """The conversation's newest handover."""

    status: HandoverStatus
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """`open` pages people; `join` is counted at the open or last handover and pages nobody."""

    action: Literal["nothing", "answer", "open", "join"]
    trigger_type: TriggerType | None = None


def find_keyword(text: str, keywords: Iterable[str] | None = None) -> str | None:
    """The first of the client's keywords that the text has; None of their own: the usual ones."""
    said = " ".join(tokenize(text))
    return next((k for k in (DEFAULT_KEYWORDS if keywords is None else keywords) if _pattern(k).search(said)), None)


def check_keywords(keywords: Iterable[str]) -> None:
    """ValueError: which of them would match nothing, or nearly everything."""
    for keyword in keywords:
        if not tokenize(keyword):
            raise ValueError(f"keyword {keyword!r} has no letters")
        if any(part.endswith("*") and len("".join(tokenize(part))) < 3 for part in keyword.split()):
            raise ValueError(f"keyword {keyword!r}: three letters at least before *")


@lru_cache(maxsize=1024)
def _pattern(keyword: str) -> re.Pattern[str]:
    parts = [" ".join(tokenize(part)) + r"\w{0,3}" * part.endswith("*") for part in keyword.split() if tokenize(part)]
    if not parts:
        return re.compile(r"(?!)")
    pattern = r"\b" + r"\b(?: \w+){0,2} ".join(parts) + r"\b"
    return re.compile(f"^{pattern}$" if keyword.startswith("=") else pattern)


def decide_escalation(
    heard: Signal, desk: EscalationSettings, last: PreviousHandover | None, now: datetime
) -> Decision:
    """Whether the bot answers a message, a person is called, or nothing happens."""
    if heard.asked is None and (not heard.may_answer or (last and last.status == "active")):
        return Decision("nothing")
    trigger = heard.asked or _low_confidence(heard.classified, desk)
    if trigger is None:
        return Decision("answer")
    return Decision("join" if last and _joins_open(last, desk, now) else "open", trigger)


def _low_confidence(classified: Classified | None, desk: EscalationSettings) -> TriggerType | None:
    """Why the bot had better not answer: nothing of ours understands the message, or the model is out of reach."""
    if not desk.has_model:
        return "intent"
    if classified is None:
        return "timeout"
    sure = classified.confidence >= desk.confidence_threshold  # NaN is not
    return None if sure and classified.intent not in desk.escalation_intents else "intent"


def _joins_open(last: PreviousHandover, desk: EscalationSettings, now: datetime) -> bool:
    if last.status in OPEN:
        return True
    cooldown = timedelta(minutes=desk.escalation_cooldown_minutes)
    return last.ended_at is not None and now - last.ended_at < cooldown
