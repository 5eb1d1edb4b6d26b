"""The rules of what follows from an outcome, without a database."""

import pytest

from functions.dispatch_notifications.outbox import retry_policy
from functions.dispatch_notifications.outbox.attempt import Attempt
from shared.channels.outcome import Outcome
from tests.functions.dispatch_notifications.attempts import attempt


def test_a_sent_message_lets_the_chat_rest_for_its_pace() -> None:
    outcome = Outcome("sent", http_status=200, message_id=7)

    decision = retry_policy.after_sending(attempt(), outcome)

    assert (decision.state, decision.pause, decision.counts_as_attempt) == ("sent", 1.05, True)
    assert decision.outcome == outcome


def test_a_rate_limit_pauses_for_as_long_as_telegram_asks_and_counts_as_no_attempt() -> None:
    decision = retry_policy.after_sending(attempt(), Outcome("rate_limited", retry_after=35.0))

    assert (decision.state, decision.pause, decision.delay, decision.counts_as_attempt) == ("queued", 35.5, 35.5, False)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 4.0), (0.5, 5.0), (0.999999, 6.0)])
def test_the_first_retry_comes_after_five_seconds_give_or_take_a_fifth(chance: float, seconds: float) -> None:
    decision = retry_policy.after_sending(attempt(), Outcome("transient", "server_error", 502), chance)

    assert decision.delay == pytest.approx(seconds, abs=0.001)


def test_retries_end_and_the_dead_letter_says_exhausted() -> None:
    states = [
        retry_policy.after_sending(attempt(attempt=n), Outcome("transient", "server_error", 500)).state
        for n in range(1, 9)
    ]

    assert states == ["queued"] * 7 + ["dead"]


@pytest.mark.parametrize(
    ("tried", "state"),
    [
        (attempt(), "queued"),
        (attempt(may_be_duplicate=True), "unknown"),
        (attempt(taken_over=True), "unknown"),
        (attempt(policy="at_most_once"), "unknown"),
        (attempt(policy="idempotent", may_be_duplicate=True, taken_over=True), "queued"),
    ],
)
def test_a_lost_answer_is_resent_once_never_or_for_ever_by_policy(tried: Attempt, state: str) -> None:
    decision = retry_policy.after_sending(tried, Outcome("ambiguous", "no_answer"))

    assert (decision.state, decision.may_be_duplicate) == (state, True)


@pytest.mark.parametrize(
    ("tried", "state"),
    [
        (attempt(), None),
        (attempt(taken_over=True), None),
        (attempt(expired=True), "cancelled"),
        (attempt(expired=True, taken_over=True), "unknown"),
        (attempt(taken_over=True, policy="at_most_once"), "unknown"),
        (attempt(taken_over=True, may_be_duplicate=True), "unknown"),
        (attempt(taken_over=True, may_be_duplicate=True, policy="idempotent"), None),
    ],
)
def test_some_attempts_end_before_a_byte_is_sent(tried: Attempt, state: str | None) -> None:
    decision = retry_policy.before_sending(tried)

    assert (decision.state if decision else None) == state


@pytest.mark.parametrize("result", ["unreachable", "bad_request"])
def test_a_permanent_refusal_is_a_dead_letter_at_once(result: str) -> None:
    assert retry_policy.after_sending(attempt(), Outcome(result, "blocked", 403)).state == "dead"  # type: ignore[arg-type]


def test_a_dead_token_counts_as_no_attempt() -> None:
    decision = retry_policy.after_sending(attempt(), Outcome("bot_refused", "bot_refused", 401))

    assert (decision.state, decision.counts_as_attempt) == ("queued", False)
