"""The checker can fail: for each rule a doctored history that breaks it, and only it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import invariants
from tests.chaos.invariants import Call, History, Lane, Limits, Message

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Doctored = Callable[[History], History]


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Three messages in one lane; the second cost a copy, as its dispatcher died."""
    usual = Message(1, "a", "7", "at_least_once", "sent", maybe_duplicate=False, out_of_order=False, unanswered=0)
    messages = [usual, replace(usual, id=2, key="b", maybe_duplicate=True, unanswered=1), replace(usual, id=3, key="c")]
    calls = [Call(float(at), 7, key, delivered=True) for at, key in enumerate("abbc")]
    (tmp_path / "quiet.log").write_text("nothing\n", encoding="utf-8")
    accepted, lanes, limits = frozenset("abc"), [Lane("7", None, None, leased=False)], Limits(2, 2, 1.0)
    return History(accepted, messages, lanes, calls, limits, 1, tmp_path, ["geheim"])


def message(key: str, **changes: Any) -> Doctored:
    """The history with one message changed."""
    return lambda h: replace(h, messages=[replace(m, **changes) if m.key == key else m for m in h.messages])


def calls(*added: Call) -> Doctored:
    """The history with further calls."""
    return lambda h: replace(h, calls=[*h.calls, *added])


def lane(changed: Lane) -> Doctored:
    """The history with another lane."""
    return lambda h: replace(h, lanes=[changed])


def printed(history: History) -> History:
    """The history whose logs are not clean."""
    (history.printed / "loud.log").write_text("token geheim\n", encoding="utf-8")
    return history


def swapped(history: History) -> History:
    """The history in which the first two came the other way round."""
    [a, b, again, c] = history.calls
    return replace(history, calls=[replace(b, at=0.0), replace(a, at=1.0), again, c])


DOCTORED: dict[str, tuple[Doctored, str]] = {
    "gone": (lambda h: replace(h, accepted=h.accepted | {"d"}), "d was accepted and is gone"),
    "queued": (message("c", state="queued"), "c is still queued"),
    "sending": (message("c", state="sending"), "c is still sending"),
    "never_arrived": (lambda h: replace(h, calls=h.calls[:-1]), "c is sent, and never arrived"),
    "not_delivered": (
        lambda h: replace(h, calls=[*h.calls[:-1], replace(h.calls[-1], delivered=False)]),
        "c is sent, and never arrived",
    ),
    "never_accepted": (calls(Call(9.0, 7, "z", delivered=True)), "z arrived, and was never accepted"),
    "not_flagged": (message("b", maybe_duplicate=False), "b arrived twice, and is not flagged"),
    "without_a_cause": (message("b", unanswered=0), "b has 1 copies too many after 0 unanswered attempts"),
    "a_third_copy": (
        lambda h: calls(Call(9.0, 7, "b", delivered=True))(message("b", unanswered=2)(h)),
        "b has 2 copies too many after 2 unanswered attempts",
    ),
    "nothing_happened": (lambda h: replace(h, disturbances=0), "nothing happened, and yet flagged: ['b']"),
    "at_most_once": (message("b", policy="at_most_once"), "b may go once, and arrived 2 times"),
    "overtaken": (swapped, "b overtook a"),
    "rate": (
        calls(*(Call(9.5 + chat / 10, chat, None, delivered=False) for chat in range(5))),
        "5 calls in a second, of 2 and a burst of 2",
    ),
    "pace": (calls(Call(3.7, 7, None, delivered=True)), "c and None went to one chat within 0.70 s"),
    "head_without_rows": (lane(Lane("7", NOON, None, leased=False)), f"lane 7 says {NOON}, its rows say None"),
    "rows_without_head": (lane(Lane("7", None, NOON, leased=False)), f"lane 7 says None, its rows say {NOON}"),
    "leased": (lane(Lane("7", None, None, leased=True)), "lane 7 is still leased"),
    "printed": (printed, "loud.log has secret 0"),
}


def test_a_history_without_fault_passes(history: History) -> None:
    assert invariants.violations(history) == []
    assert invariants.duplicates(history) == {"b": 1}


@pytest.mark.parametrize(("doctored", "said"), DOCTORED.values(), ids=DOCTORED)
def test_a_doctored_history_is_found_out(history: History, doctored: Doctored, said: str) -> None:
    assert invariants.violations(doctored(history)) == [said]


def test_each_rule_has_a_history_that_breaks_it(history: History) -> None:
    broken = [doctored(history) for doctored, _ in DOCTORED.values()]
    assert [rule.__name__ for rule in invariants.RULES if not any(map(list, map(rule, broken)))] == []


def test_what_was_parked_may_be_overtaken(history: History) -> None:
    assert invariants.violations(swapped(message("a", out_of_order=True)(history))) == []
