"""The rules of what follows from an outcome, without a database."""

from dataclasses import dataclass

import pytest

from functions.dispatch_notifications.outbox import retry_policy
from shared.channels.outcome import Outcome


@dataclass(frozen=True)
class Sending:
    """An attempt, as far as the rules look at it."""

    attempt: int = 1
    policy: str = "at_least_once"
    expired: bool = False
    taken_over: bool = False
    doubted: bool = False
    blocked: str | None = None
    topic: str | None = None
    needs_topic: bool = False
    as_text: bool = False
    last_error: str | None = None
    pace: float = 1.05


def test_a_sent_message_lets_the_chat_rest_for_its_pace() -> None:
    decision = retry_policy.after_sending(Sending(), Outcome("sent", http_status=200, message_id=7))

    assert (decision.state, decision.message_id, decision.pause, decision.burnt) == ("sent", 7, 1.05, True)


def test_a_rate_limit_pauses_for_as_long_as_telegram_asks_and_burns_no_attempt() -> None:
    decision = retry_policy.after_sending(Sending(), Outcome("rate_limited", retry_after=35.0))

    assert (decision.state, decision.pause, decision.delay, decision.burnt) == ("queued", 35.5, 35.5, False)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 4.0), (0.5, 5.0), (0.999999, 6.0)])
def test_the_first_retry_comes_after_five_seconds_give_or_take_a_fifth(chance: float, seconds: float) -> None:
    decision = retry_policy.after_sending(Sending(), Outcome("transient", "server_error", 502), chance)

    assert decision.delay == pytest.approx(seconds, abs=0.001)


def test_retries_end_and_the_dead_letter_says_exhausted() -> None:
    states = [
        retry_policy.after_sending(Sending(attempt=n), Outcome("transient", "server_error", 500)).state
        for n in range(1, 9)
    ]

    assert states == ["queued"] * 7 + ["dead"]


@pytest.mark.parametrize(
    ("sending", "state"),
    [
        (Sending(), "queued"),
        (Sending(doubted=True), "unknown"),
        (Sending(policy="at_most_once"), "unknown"),
        (Sending(policy="idempotent", doubted=True), "queued"),
    ],
)
def test_a_lost_answer_is_resent_once_never_or_for_ever_by_policy(sending: Sending, state: str) -> None:
    decision = retry_policy.after_sending(sending, Outcome("ambiguous", "no_answer"))

    assert (decision.state, decision.doubted) == (state, True)


@pytest.mark.parametrize(
    ("sending", "state"),
    [
        (Sending(), None),
        (Sending(taken_over=True), None),
        (Sending(expired=True), "cancelled"),
        (Sending(expired=True, taken_over=True), "unknown"),
        (Sending(taken_over=True, policy="at_most_once"), "unknown"),
        (Sending(taken_over=True, doubted=True), "unknown"),
        (Sending(taken_over=True, doubted=True, policy="idempotent"), None),
    ],
)
def test_some_attempts_end_before_a_byte_is_sent(sending: Sending, state: str | None) -> None:
    decision = retry_policy.before_sending(sending)

    assert (decision.state if decision else None) == state


@pytest.mark.parametrize("result", ["unreachable", "bad_request"])
def test_a_permanent_refusal_is_a_dead_letter_at_once(result: str) -> None:
    assert retry_policy.after_sending(Sending(), Outcome(result, "blocked", 403)).state == "dead"  # type: ignore[arg-type]


def test_a_dead_token_burns_no_attempt() -> None:
    decision = retry_policy.after_sending(Sending(), Outcome("bot_refused", "bot_refused", 401))

    assert (decision.state, decision.burnt) == ("queued", False)
