"""Whether a person is called."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support.escalation import Classified, Decision, Desk, Heard, Last, decide_escalation
from shared.support.mute import HandoverStatus

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
USUAL = Desk()
WITHOUT_MODEL = Desk(has_model=False)
SURE, UNSURE = Classified("price", 0.6), Classified("price", 0.59)


def ended(minutes: float, status: HandoverStatus = "resolved") -> Last:
    return Last(status, NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("heard", "desk", "decision"),
    [
        (Heard(classified=SURE), USUAL, Decision("answer")),
        (Heard(classified=UNSURE), USUAL, Decision("open", "intent")),
        (Heard(classified=UNSURE), replace(USUAL, confidence_threshold=0.5), Decision("answer")),
        (Heard(classified=Classified("price", float("nan"))), USUAL, Decision("open", "intent")),
        (Heard(classified=Classified("complaint", 0.99)), USUAL, Decision("open", "intent")),
        (
            Heard(classified=Classified("complaint", 0.99)),
            replace(USUAL, escalation_intents=frozenset()),
            Decision("answer"),
        ),
        (Heard(), USUAL, Decision("open", "timeout")),  # the model did not say
        (Heard(), WITHOUT_MODEL, Decision("open", "intent")),
        (Heard(classified=SURE), WITHOUT_MODEL, Decision("open", "intent")),  # no answer is ever invented
        (Heard("keyword"), WITHOUT_MODEL, Decision("open", "keyword")),
        (Heard("keyword", SURE), USUAL, Decision("open", "keyword")),
        (Heard("manual"), USUAL, Decision("open", "manual")),
        (
            Heard("keyword", may_answer=False),
            USUAL,
            Decision("open", "keyword"),
        ),  # a mute is the bot's, not the client's
        (Heard(classified=UNSURE, may_answer=False), USUAL, Decision("nothing")),
        (Heard(may_answer=False), WITHOUT_MODEL, Decision("nothing")),
    ],
)
def test_a_message_is_answered_or_calls_a_person(heard: Heard, desk: Desk, decision: Decision) -> None:
    assert decide_escalation(heard, desk, None, NOW) == decision


@pytest.mark.parametrize(
    ("heard", "last", "decision"),
    [
        (Heard("keyword"), Last("pending"), Decision("join", "keyword")),
        (Heard("keyword"), Last("active"), Decision("join", "keyword")),
        (Heard("manual"), Last("active"), Decision("join", "manual")),
        (Heard(classified=UNSURE), Last("pending"), Decision("join", "intent")),
        (Heard(classified=SURE), Last("pending"), Decision("answer")),  # it may still help
        (Heard(classified=SURE), Last("active"), Decision("nothing")),  # a person is talking
        (Heard(classified=UNSURE), Last("active"), Decision("nothing")),
        (Heard("keyword"), ended(29), Decision("join", "keyword")),
        (Heard("keyword"), ended(29, "timeout"), Decision("join", "keyword")),
        (Heard("keyword"), ended(29, "bot_handling"), Decision("join", "keyword")),
        (Heard(classified=UNSURE), ended(29), Decision("join", "intent")),
        (Heard(classified=SURE), ended(1), Decision("answer")),
        (Heard("keyword"), ended(30), Decision("open", "keyword")),
        (Heard("keyword"), ended(-1), Decision("join", "keyword")),
    ],
)
def test_a_trigger_joins_what_is_open_or_ended_lately(heard: Heard, last: Last, decision: Decision) -> None:
    assert decide_escalation(heard, USUAL, last, NOW) == decision


def test_without_a_cooldown_the_next_trigger_calls_again() -> None:
    desk = replace(USUAL, escalation_cooldown_minutes=0)

    assert decide_escalation(Heard("keyword"), desk, ended(0), NOW) == Decision("open", "keyword")


HEARD = st.builds(
    Heard,
    st.sampled_from([None, "keyword", "manual", "timeout"]),
    st.none() | st.builds(Classified, st.sampled_from(["price", "complaint"]), st.floats(0, 1)),
    st.booleans(),
)
STATUS = st.sampled_from(["pending", "active", "resolved", "bot_handling", "timeout"])


@given(HEARD, st.booleans(), st.none() | STATUS, st.integers(0, 60))
def test_nobody_is_called_twice_or_answered_out_of_turn(
    heard: Heard, has_model: object, status: HandoverStatus | None, minutes: int
) -> None:
    last = ended(minutes, status) if status else None
    decision = decide_escalation(heard, replace(USUAL, has_model=bool(has_model)), last, NOW)

    if decision.action == "open":
        assert status not in ("pending", "active")
        assert last is None or minutes >= 30
    if decision.action == "answer":
        assert has_model
        assert heard.may_answer
        assert heard.asked is None
        assert status != "active"
    assert (decision.trigger_type is not None) == (decision.action in ("open", "join"))
    if heard.asked:
        assert decision.trigger_type == heard.asked
