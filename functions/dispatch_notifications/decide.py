"""What follows from an outcome: pure rules (DESIGN: Delivery; faults: c4 crash windows, c9 retry schedule)."""

import random
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from shared.telegram import Outcome

RETRY_SECONDS = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 18000.0)
JITTER = 0.2
AMBIGUOUS_RETRY_SECONDS = 5.0
AFTER_RATE_LIMIT_SECONDS = 0.5  # added to what Telegram asks for
BOT_REFUSED_SECONDS = 60.0

State = Literal["sent", "queued", "unknown", "dead", "cancelled"]


class Sending(Protocol):
    """What the rules need to know of an attempt."""

    @property
    def attempt(self) -> int:
        """How many times it was tried, this one included."""

    @property
    def policy(self) -> str:
        """at_least_once, at_most_once or idempotent."""

    @property
    def expired(self) -> bool:
        """Whether it is no longer worth sending."""

    @property
    def taken_over(self) -> bool:
        """Whether a dispatcher died while it was sending it."""

    @property
    def doubted(self) -> bool:
        """Whether it was already sent twice, perhaps."""

    @property
    def pace(self) -> float:
        """Seconds the chat rests after a request."""


@dataclass(frozen=True)
class Decision:
    """How an attempt ends."""

    state: State
    outcome: str
    pause: float = 0.0  # seconds the lane rests
    delay: float = 0.0  # seconds until the row is due again, when it is queued again
    burnt: bool = True  # whether the attempt counts
    doubted: bool = False  # whether a copy may exist from now on
    message_id: int | None = None
    error_class: str | None = None
    http_status: int | None = None
    retry_after: float | None = None


def before_sending(sending: Sending) -> Decision | None:
    """A decision that needs no request: too late, or too risky to send a second copy. None: send it."""
    if sending.expired and not sending.taken_over:
        return Decision("cancelled", "expired", error_class="expired", burnt=False)
    if sending.taken_over and (sending.policy == "at_most_once" or _resent_already(sending) or sending.expired):
        return Decision("unknown", "taken_over", error_class="crashed", doubted=True)
    return None


def after_sending(sending: Sending, outcome: Outcome, chance: float | None = None) -> Decision:
    """The decision for an answered (or unanswered) request. `chance` in [0, 1) fixes the jitter."""
    decision = replace(
        _decide(sending, outcome, random.random() if chance is None else chance),  # noqa: S311 - jitter
        http_status=outcome.http_status,
        retry_after=outcome.retry_after,
        message_id=outcome.message_id,
    )
    return replace(decision, pause=max(decision.pause, sending.pace))


def _decide(sending: Sending, outcome: Outcome, chance: float) -> Decision:
    match outcome.result:
        case "sent":
            return Decision("sent", "sent")
        case "rate_limited":
            wait = (outcome.retry_after or 0.0) + AFTER_RATE_LIMIT_SECONDS
            return Decision("queued", "rate_limited", pause=wait, delay=wait, burnt=False, error_class="rate_limited")
        case "bot_refused":
            return Decision("queued", "bot_refused", delay=BOT_REFUSED_SECONDS, burnt=False, error_class="bot_refused")
        case "ambiguous":
            if sending.policy == "at_most_once" or _resent_already(sending):
                return Decision("unknown", "ambiguous", error_class=outcome.error_class, doubted=True)
            return Decision(
                "queued", "ambiguous", delay=AMBIGUOUS_RETRY_SECONDS, doubted=True, error_class=outcome.error_class
            )
        case "transient":
            if sending.attempt > len(RETRY_SECONDS):
                return Decision("dead", "transient", error_class="exhausted")
            wait = RETRY_SECONDS[sending.attempt - 1] * (1 + JITTER * (2 * chance - 1))
            return Decision("queued", "transient", delay=wait, error_class=outcome.error_class)
        case "unreachable" | "bad_request":
            return Decision("dead", outcome.result, error_class=outcome.error_class)


def _resent_already(sending: Sending) -> bool:
    """At most one further copy per message; an edit may be repeated for ever."""
    return sending.doubted and sending.policy != "idempotent"
