"""Whether a person is called."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support.escalation import (
    Classified,
    Decision,
    EscalationSettings,
    PreviousHandover,
    Signal,
    decide_escalation,
)
from shared.support.mute import HandoverStatus

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
DEFAULTS = EscalationSettings()
WITHOUT_MODEL = EscalationSettings(has_model=False)
SURE, UNSURE = Classified("price", 0.6), Classified("price", 0.59)


def ended(minutes: float, status: HandoverStatus = "resolved") -> PreviousHandover:
    return PreviousHandover(status, NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("heard", "desk", "decision"),
    [
        (Signal(classified=SURE), DEFAULTS, Decision("answer")),
        (Signal(classified=UNSURE), DEFAULTS, Decision("open", "intent")),
        (Signal(classified=UNSURE), replace(DEFAULTS, confidence_threshold=0.5), Decision("answer")),
        (Signal(classified=Classified("price", float("nan"))), DEFAULTS, Decision("open", "intent")),
        (Signal(classified=Classified("complaint", 0.99)), DEFAULTS, Decision("open", "intent")),
        (
            Signal(classified=Classified("complaint", 0.99)),
            replace(DEFAULTS, escalation_intents=frozenset()),
            Decision("answer"),
        ),
        (Signal(), DEFAULTS, Decision("open", "timeout")),  # the model did not say
        (Signal(), WITHOUT_MODEL, Decision("open", "intent")),
        (Signal(classified=SURE), WITHOUT_MODEL, Decision("open", "intent")),  # no answer is ever invented
        (Signal("keyword"), WITHOUT_MODEL, Decision("open", "keyword")),
        (Signal("keyword", SURE), DEFAULTS, Decision("open", "keyword")),
        (Signal("manual"), DEFAULTS, Decision("open", "manual")),
        (
            Signal("keyword", may_answer=False),
            DEFAULTS,
            Decision("open", "keyword"),
        ),  # a mute is the bot's, not the client's
        (Signal(classified=UNSURE, may_answer=False), DEFAULTS, Decision("nothing")),
        (Signal(may_answer=False), WITHOUT_MODEL, Decision("nothing")),
    ],
)
def test_a_message_is_answered_or_calls_a_person(heard: Signal, desk: EscalationSettings, decision: Decision) -> None:
    assert decide_escalation(heard, desk, None, NOW) == decision


@pytest.mark.parametrize(
    ("heard", "last", "decision"),
    [
        (Signal("keyword"), PreviousHandover("pending"), Decision("join", "keyword")),
        (Signal("keyword"), PreviousHandover("active"), Decision("join", "keyword")),
        (Signal("manual"), PreviousHandover("active"), Decision("join", "manual")),
        (Signal(classified=UNSURE), PreviousHandover("pending"), Decision("join", "intent")),
        (Signal(classified=SURE), PreviousHandover("pending"), Decision("answer")),  # it may still help
        (Signal(classified=SURE), PreviousHandover("active"), Decision("nothing")),  # a person is talking
        (Signal(classified=UNSURE), PreviousHandover("active"), Decision("nothing")),
        (Signal("keyword"), ended(29), Decision("join", "keyword")),
        (Signal("keyword"), ended(1, "timeout"), Decision("open", "keyword")),  # nobody answered that one
        (Signal("keyword"), ended(1, "bot_handling"), Decision("open", "keyword")),
        (Signal("intent", may_answer=False), ended(1, "timeout"), Decision("open", "intent")),
        (Signal(classified=UNSURE), ended(1, "timeout"), Decision("open", "intent")),
        (Signal(), ended(1, "bot_handling"), Decision("open", "timeout")),
        (Signal(classified=SURE), ended(1, "timeout"), Decision("answer")),
        (Signal(classified=UNSURE), ended(29), Decision("join", "intent")),
        (Signal(classified=SURE), ended(1), Decision("answer")),
        (Signal("keyword"), ended(30), Decision("open", "keyword")),
        (Signal("keyword"), ended(-1), Decision("join", "keyword")),
    ],
)
def test_a_trigger_joins_what_is_open_or_was_resolved_lately(
    heard: Signal, last: PreviousHandover, decision: Decision
) -> None:
    assert decide_escalation(heard, DEFAULTS, last, NOW) == decision


def test_without_a_cooldown_the_next_trigger_calls_again() -> None:
    desk = replace(DEFAULTS, escalation_cooldown_minutes=0)

    assert decide_escalation(Signal("keyword"), desk, ended(0), NOW) == Decision("open", "keyword")


HEARD = st.builds(
    Signal,
    st.sampled_from([None, "keyword", "manual", "timeout"]),
    st.none() | st.builds(Classified, st.sampled_from(["price", "complaint"]), st.floats(0, 1)),
    st.booleans(),
)
STATUS = st.sampled_from(["pending", "active", "resolved", "bot_handling", "timeout"])


@given(HEARD, st.booleans(), st.none() | STATUS, st.integers(0, 60))
def test_nobody_is_called_twice_or_answered_out_of_turn(
    heard: Signal, has_model: object, status: HandoverStatus | None, minutes: int
) -> None:
    last = ended(minutes, status) if status else None
    decision = decide_escalation(heard, replace(DEFAULTS, has_model=bool(has_model)), last, NOW)

    if decision.action == "open":
        assert status not in ("pending", "active")
        assert status != "resolved" or minutes >= 30
    if decision.action == "answer":
        assert has_model
        assert heard.may_answer
        assert heard.trigger is None
        assert status != "active"
    assert (decision.trigger_type is not None) == (decision.action in ("open", "join"))
    if heard.trigger:
        assert decision.trigger_type == heard.trigger
