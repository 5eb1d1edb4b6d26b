"""What follows from an outcome: pure rules (docs/delivery.md, What follows from each answer).

A message that could not be delivered is tried again 5 seconds after the first failure, 30 seconds after the second,
then after 2 minutes, 10 minutes, 30 minutes, 2 hours and 5 hours, each a fifth more or less. The eighth failure, nearly
8 hours after the first, is the last: the message is dead. From the fourth failure on its chat no longer waits for it.
A rate limit, a refused token, markup that is refused and a group that is not ready count as no try.
"""

import random
from typing import Literal, NamedTuple

from functions.dispatch_notifications.outbox.attempt import Attempt
from shared.channels.outcome import Outcome
from shared.delivery.chat_states import PROBE_SECONDS, STATES

RETRY_SECONDS = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 18000.0)
JITTER = 0.2
PARK_AFTER_SECONDS = 600.0  # how long a failing head may hold up its chat
AMBIGUOUS_RETRY_SECONDS = 5.0
RATE_LIMIT_MARGIN_SECONDS = 0.5  # added to what Telegram asks for
BOT_REFUSED_SECONDS = 60.0
CHAT_MOVE_DELAY_SECONDS = 5.0  # at most: writing the move down makes it due at once
UNKNOWN_KIND_SECONDS = 600.0  # a newer deployment may know it

State = Literal["sent", "queued", "unknown", "dead", "cancelled"]
Remedy = Literal["move_chat", "open_topic", "reopen_topic", "drop_reply", "split"]


class Decision(NamedTuple):
    """How an attempt ends. `result` is the outcome's, or why there was no request."""

    state: State
    result: str
    outcome: Outcome | None = None  # of the request, if there was one
    error_class: str | None = None
    pause: float = 0.0  # seconds the chat rests
    delay: float = 0.0  # seconds until the row is due again, when it is queued again
    counts_as_attempt: bool = True
    may_be_duplicate: bool = False  # whether a copy may exist from now on
    parked: bool = False  # whether its chat goes on without it
    as_text: bool = False  # whether its markup is left out from now on
    remedy: Remedy | None = None  # what else has to happen before it is tried again
    chat_state: str | None = None  # what the whole group waits for, found out just now


Finished = tuple[Attempt, Decision]

RELEASED = Decision("queued", "released", counts_as_attempt=False)  # this process has to end before it was begun
GUARD_FAILED = Decision("cancelled", "guard", error_class="guard", counts_as_attempt=False)
UNKNOWN_KIND = Decision(
    "queued",
    "unknown_kind",
    delay=UNKNOWN_KIND_SECONDS,
    counts_as_attempt=False,
    parked=True,
    error_class="unknown_kind",
)
POISON = Decision("dead", "poison", error_class="poison")


def before_sending(attempt: Attempt) -> Decision | None:
    """A decision that needs no request: too late, in vain, or too risky to send a second copy. None: send it."""
    if attempt.expired and not attempt.taken_over and attempt.last_error in STATES:
        return Decision("dead", "expired", error_class=attempt.last_error, counts_as_attempt=False)
    if attempt.expired and not attempt.taken_over:
        return Decision("cancelled", "expired", error_class="expired", counts_as_attempt=False)
    if attempt.taken_over and (attempt.policy == "at_most_once" or _was_resent(attempt) or attempt.expired):
        return Decision("unknown", "taken_over", error_class="crashed", may_be_duplicate=True)
    if attempt.blocked and attempt.recipient is None:  # WhatsApp closes no chats, whatever an older release noted
        return Decision("dead", "blocked", error_class=attempt.blocked, counts_as_attempt=False)
    if attempt.needs_topic:
        return _retry_or_dead(attempt, "no_topic")._replace(remedy="open_topic")
    return None


def after_sending(attempt: Attempt, outcome: Outcome, chance: float | None = None) -> Decision:
    """The decision for an answered (or unanswered) request. `chance` in [0, 1) fixes the jitter."""
    chance = random.random() if chance is None else chance  # noqa: S311 - jitter
    decision = _decide(attempt, outcome, chance)
    return decision._replace(
        outcome=outcome,
        error_class=decision.error_class or outcome.error_class,
        pause=max(decision.pause, attempt.pace),
    )


def _decide(attempt: Attempt, outcome: Outcome, chance: float) -> Decision:
    match outcome.result:
        case "sent":
            return Decision("sent", "sent")
        case "rate_limited":
            wait = (outcome.retry_after or 0.0) + RATE_LIMIT_MARGIN_SECONDS
            return Decision(
                "queued", "rate_limited", pause=wait, delay=wait, counts_as_attempt=False, error_class="rate_limited"
            )
        case "bot_refused":
            return Decision(
                "queued", "bot_refused", delay=BOT_REFUSED_SECONDS, counts_as_attempt=False, error_class="bot_refused"
            )
        case "ambiguous" if attempt.policy == "at_most_once" or _is_second_copy(attempt):
            return Decision("unknown", "ambiguous", may_be_duplicate=True)
        case "ambiguous":
            return Decision("queued", "ambiguous", delay=AMBIGUOUS_RETRY_SECONDS, may_be_duplicate=True)
        case "transient":
            return _retry_or_dead(attempt, "transient", chance)
        case _:
            state = _chat_state(attempt, outcome)
            return _wait_for_chat(attempt, state) if state else _remedy_or_dead(attempt, outcome)


def _remedy_or_dead(attempt: Attempt, outcome: Outcome) -> Decision:
    """A refusal that would be the same again, unless something else is done before."""
    match outcome.result:
        case "migrated" if attempt.attempt <= len(RETRY_SECONDS):
            return Decision(
                "queued", "migrated", delay=CHAT_MOVE_DELAY_SECONDS, remedy="move_chat", error_class="migrated"
            )
        case "topic_gone" if attempt.topic:
            return _remedy_once(attempt, "topic_gone", "open_topic")
        case "topic_closed":
            return _remedy_once(attempt, "topic_closed", "reopen_topic")
        case "too_long" if attempt.method.startswith("send"):
            return _remedy_once(attempt, "too_long", "split")
        case "reply_gone":
            return _remedy_once(attempt, "reply_gone", "drop_reply")
        case "unparsable" if not attempt.as_text:
            return Decision("queued", "unparsable", as_text=True, counts_as_attempt=False, error_class="unparsable")
        case _:  # unreachable, bad_request, and what a remedy did not help
            return Decision("dead", outcome.result, error_class=outcome.error_class or outcome.result)


def _remedy_once(attempt: Attempt, result: str, remedy: Remedy) -> Decision:
    """Apply the remedy and try again at once; dead when it did not help the last time."""
    if attempt.last_error == result:
        return Decision("dead", result, error_class=result)
    return Decision("queued", result, remedy=remedy, counts_as_attempt=False, error_class=result)


def _chat_state(attempt: Attempt, outcome: Outcome) -> str | None:
    """What the message's group is not ready for, of the states in shared/delivery/chat_states.py."""
    match outcome.result:
        case "chat_not_ready":
            return outcome.error_class
        case "topic_closed" if not attempt.topic or attempt.last_error in ("topic_closed", "closed_topic"):
            return "closed_topic"  # opening it did not help
        case "unreachable" if outcome.error_class == "chat_not_found" and (attempt.chat_id or 0) < 0:
            return "group_not_found"
    return None


def _wait_for_chat(attempt: Attempt, state: str) -> Decision:
    """Wait until somebody has changed the group, without using up tries."""
    if attempt.method == "reopenForumTopic":  # perhaps somebody else opens it: the message itself is tried
        return Decision("cancelled", "chat_not_ready", error_class=state)
    return Decision(
        "queued",
        "chat_not_ready",
        delay=PROBE_SECONDS,
        counts_as_attempt=False,
        error_class=state,
        chat_state=state,
    )


def _retry_or_dead(attempt: Attempt, result: str, chance: float = 0.5) -> Decision:
    """The next try of the schedule. A head that has failed for long is parked: its chat goes on without it."""
    if attempt.attempt > len(RETRY_SECONDS):
        return Decision("dead", result, error_class="exhausted")
    wait = RETRY_SECONDS[attempt.attempt - 1] * (1 + JITTER * (2 * chance - 1))
    failing_for = sum(RETRY_SECONDS[: attempt.attempt])
    return Decision("queued", result, delay=wait, parked=failing_for > PARK_AFTER_SECONDS)


def _was_resent(attempt: Attempt) -> bool:
    """At most one further copy per message; an edit may be repeated for ever."""
    return attempt.may_be_duplicate and attempt.policy != "idempotent"


def _is_second_copy(attempt: Attempt) -> bool:
    """Whether what was just sent may be the further copy: of an answer that was lost, or of a dispatcher that died."""
    return _was_resent(attempt) or (attempt.taken_over and attempt.policy != "idempotent")
