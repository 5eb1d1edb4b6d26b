"""What follows from an outcome: pure rules (docs/delivery.md, What follows from each answer)."""

import random
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from shared.channels.outcome import Outcome

RETRY_SECONDS = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 18000.0)
JITTER = 0.2
PARK_AFTER_SECONDS = 600.0  # how long a failing head may hold up its chat
AMBIGUOUS_RETRY_SECONDS = 5.0
RATE_LIMIT_MARGIN_SECONDS = 0.5  # added to what Telegram asks for
BOT_REFUSED_SECONDS = 60.0
CHAT_MOVE_DELAY_SECONDS = 5.0  # at most: writing the move down makes it due at once
UNKNOWN_KIND_SECONDS = 600.0  # a newer deployment may know it

State = Literal["sent", "queued", "unknown", "dead", "cancelled"]
Remedy = Literal["move_chat", "open_topic", "reopen_topic", "split"]


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
    def blocked(self) -> str | None:
        """Why its chat could not be written to, when that was found out lately."""

    @property
    def topic(self) -> str | None:
        """The key of the topic that it belongs into."""

    @property
    def needs_topic(self) -> bool:
        """Whether its topic does not exist (yet)."""

    @property
    def as_text(self) -> bool:
        """Whether its markup was refused before."""

    @property
    def last_error(self) -> str | None:
        """How its previous attempt ended."""

    @property
    def pace(self) -> float:
        """Seconds the chat rests after a request."""


@dataclass(frozen=True)
class Decision:
    """How an attempt ends."""

    state: State
    outcome: str
    pause: float = 0.0  # seconds the chat rests
    delay: float = 0.0  # seconds until the row is due again, when it is queued again
    burnt: bool = True  # whether the attempt counts
    doubted: bool = False  # whether a copy may exist from now on
    parked: bool = False  # whether its chat goes on without it
    as_text: bool = False  # whether its markup is left out from now on
    remedy: Remedy | None = None  # what else has to happen before it is tried again
    error_class: str | None = None
    message_id: int | None = None
    external_id: str | None = None
    http_status: int | None = None
    retry_after: float | None = None
    moved_to: int | None = None
    thread_id: int | None = None
    bot_wide: bool = False


RELEASED = Decision("queued", "released", burnt=False)  # claimed, and not begun before this process has to end
GUARD_FAILED = Decision("cancelled", "guard", error_class="guard", burnt=False)
UNKNOWN_KIND = Decision(
    "queued", "unknown_kind", delay=UNKNOWN_KIND_SECONDS, burnt=False, parked=True, error_class="unknown_kind"
)
POISON = Decision("dead", "poison", error_class="poison")


def before_sending(sending: Sending) -> Decision | None:
    """A decision that needs no request: too late, in vain, or too risky to send a second copy. None: send it."""
    if sending.expired and not sending.taken_over:
        return Decision("cancelled", "expired", error_class="expired", burnt=False)
    if sending.taken_over and (sending.policy == "at_most_once" or _was_resent(sending) or sending.expired):
        return Decision("unknown", "taken_over", error_class="crashed", doubted=True)
    if sending.blocked:
        return Decision("dead", "blocked", error_class=sending.blocked, burnt=False)
    if sending.needs_topic:
        return replace(_retry_or_dead(sending, "no_topic"), remedy="open_topic")
    return None


def after_sending(sending: Sending, outcome: Outcome, chance: float | None = None) -> Decision:
    """The decision for an answered (or unanswered) request. `chance` in [0, 1) fixes the jitter."""
    chance = random.random() if chance is None else chance  # noqa: S311 - jitter
    decision = _decide(sending, outcome, chance)
    return replace(
        decision,
        pause=max(decision.pause, sending.pace),
        error_class=decision.error_class or outcome.error_class,
        message_id=outcome.message_id,
        external_id=outcome.external_id,
        http_status=outcome.http_status,
        retry_after=outcome.retry_after,
        moved_to=outcome.moved_to,
        thread_id=outcome.thread_id,
        bot_wide=outcome.bot_wide,
    )


def _decide(sending: Sending, outcome: Outcome, chance: float) -> Decision:
    match outcome.result:
        case "sent":
            return Decision("sent", "sent")
        case "rate_limited":
            wait = (outcome.retry_after or 0.0) + RATE_LIMIT_MARGIN_SECONDS
            return Decision("queued", "rate_limited", pause=wait, delay=wait, burnt=False, error_class="rate_limited")
        case "bot_refused":
            return Decision("queued", "bot_refused", delay=BOT_REFUSED_SECONDS, burnt=False, error_class="bot_refused")
        case "ambiguous" if sending.policy == "at_most_once" or _was_resent(sending):
            return Decision("unknown", "ambiguous", doubted=True)
        case "ambiguous":
            return Decision("queued", "ambiguous", delay=AMBIGUOUS_RETRY_SECONDS, doubted=True)
        case "transient":
            return _retry_or_dead(sending, "transient", chance)
        case _:
            return _remedy_or_dead(sending, outcome)


def _remedy_or_dead(sending: Sending, outcome: Outcome) -> Decision:
    """A refusal that would be the same again, unless something else is done before."""
    match outcome.result:
        case "migrated" if sending.attempt <= len(RETRY_SECONDS):
            return Decision(
                "queued", "migrated", delay=CHAT_MOVE_DELAY_SECONDS, remedy="move_chat", error_class="migrated"
            )
        case "topic_gone" if sending.topic:
            return _remedy_once(sending, "topic_gone", "open_topic")
        case "topic_closed" if sending.topic:
            return _remedy_once(sending, "topic_closed", "reopen_topic")
        case "too_long":
            return _remedy_once(sending, "too_long", "split")
        case "unparsable" if not sending.as_text:
            return Decision("queued", "unparsable", as_text=True, burnt=False, error_class="unparsable")
        case _:  # unreachable, bad_request, and what was mended in vain
            return Decision("dead", outcome.result, error_class=outcome.error_class or outcome.result)


def _remedy_once(sending: Sending, outcome: str, remedy: Remedy) -> Decision:
    """Mend it and try again at once; dead when it was mended in vain."""
    if sending.last_error == outcome:
        return Decision("dead", outcome, error_class=outcome)
    return Decision("queued", outcome, remedy=remedy, burnt=False, error_class=outcome)


def _retry_or_dead(sending: Sending, outcome: str, chance: float = 0.5) -> Decision:
    """The next try of the schedule. A head that has failed for long is parked: its chat goes on without it."""
    if sending.attempt > len(RETRY_SECONDS):
        return Decision("dead", outcome, error_class="exhausted")
    wait = RETRY_SECONDS[sending.attempt - 1] * (1 + JITTER * (2 * chance - 1))
    blocked_for = sum(RETRY_SECONDS[: sending.attempt])
    return Decision("queued", outcome, delay=wait, parked=blocked_for > PARK_AFTER_SECONDS)


def _was_resent(sending: Sending) -> bool:
    """At most one further copy per message; an edit may be repeated for ever."""
    return sending.doubted and sending.policy != "idempotent"
