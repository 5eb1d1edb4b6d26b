"""Escalation: when a person is called, by keywords and by the classifier, and whether that pages managers."""

import re
from collections.abc import Iterable, Sequence
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
    """The classifier's verdict on a message; `confidence` is from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Signal:
    """A message: what in it triggers a handover, what the classifier says, and whether the bot may answer."""

    trigger: TriggerType | None = None
    classified: Classified | None = None
    may_answer: bool = True


@dataclass(frozen=True)
class EscalationSettings:
    """What decides besides the message: the desk's settings, and whether it has a model and prompts."""

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
    """The first of the desk's keywords that the text contains; `keywords` None: DEFAULT_KEYWORDS."""
    return find_keyword_in([tokenize(text)], keywords)


def find_keyword_in(messages: Sequence[Sequence[str]], keywords: Iterable[str] | None = None) -> str | None:
    """The first keyword in the tokens of messages, or in all of them read as one."""
    joined = " ".join(token for tokens in messages for token in tokens)
    whole = {joined, *(" ".join(tokens) for tokens in messages)}
    candidates = DEFAULT_KEYWORDS if keywords is None else keywords
    return next((keyword for keyword in candidates if _is_in(keyword, joined, whole)), None)


def _is_in(keyword: str, joined: str, whole: Iterable[str]) -> bool:
    """Whether `joined` has the keyword in it, or one of `whole` is it; most texts do not even have its longest word."""
    pattern, word = _pattern(keyword)
    if word not in joined:
        return False
    texts = whole if keyword.startswith("=") else (joined,)
    return any(pattern.search(text) for text in texts)


def check_keywords(keywords: Iterable[str]) -> None:
    """Raises ValueError naming a keyword that would match nothing, or nearly everything."""
    for keyword in keywords:
        if not tokenize(keyword):
            raise ValueError(f"keyword {keyword!r} has no letters")
        if any(part.endswith("*") and len("".join(tokenize(part))) < 3 for part in keyword.split()):
            raise ValueError(f"keyword {keyword!r}: three letters at least before *")


@lru_cache(maxsize=1024)
def _pattern(keyword: str) -> tuple[re.Pattern[str], str]:
    """What finds the keyword in tokens, and the longest word of it."""
    words = [(" ".join(tokenize(part)), part.endswith("*")) for part in keyword.split() if tokenize(part)]
    if not words:
        return re.compile(r"(?!)"), ""
    parts = [word + r"\w{0,3}" * has_ending for word, has_ending in words]
    pattern = r"\b" + r"\b(?: \w+){0,2} ".join(parts) + r"\b"
    compiled = re.compile(f"^{pattern}$" if keyword.startswith("=") else pattern)
    return compiled, max((word for word, _ in words), key=len)


def decide_escalation(
    signal: Signal, settings: EscalationSettings, previous: PreviousHandover | None, now: datetime
) -> Decision:
    """Whether the bot answers a message, a person is called, or nothing happens."""
    if signal.trigger is None and (not signal.may_answer or (previous and previous.status == "active")):
        return Decision("nothing")
    trigger = signal.trigger or _low_confidence(signal.classified, settings)
    if trigger is None:
        return Decision("answer")
    return Decision("join" if previous and _joins_previous(previous, settings, now) else "open", trigger)


def _low_confidence(classified: Classified | None, settings: EscalationSettings) -> TriggerType | None:
    """Why the bot must not answer by itself: no model is configured, it failed, or it is not sure enough."""
    if not settings.has_model:
        return "intent"
    if classified is None:
        return "timeout"
    sure = classified.confidence >= settings.confidence_threshold  # NaN is not
    return None if sure and classified.intent not in settings.escalation_intents else "intent"


def _joins_previous(previous: PreviousHandover, settings: EscalationSettings, now: datetime) -> bool:
    """Whether people have it already: a request is open, or a person resolved it a moment ago.

    A request that timed out or went back to the bot was answered by nobody: who asks then is a new request at once.
    """
    if previous.status in OPEN:
        return True
    if previous.status != "resolved":
        return False
    cooldown = timedelta(minutes=settings.escalation_cooldown_minutes)
    return previous.ended_at is not None and now - previous.ended_at < cooldown
