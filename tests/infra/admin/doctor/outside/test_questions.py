"""Questions are asked side by side, and whoever does not answer in time is told about."""

from threading import Event

from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.questions import Question, answered
from infra.admin.errors import AdminError
from shared.errors import ConfigError

OK = Finding("ok", "bots", "school answers")


def question(subject: str, ask: object = None, unasked: str = "") -> Question:
    def fine() -> Finding:
        return OK

    return Question("bots", subject, subject, ask or fine, unasked)  # type: ignore[arg-type]


def test_answers_stand_where_their_questions_stood() -> None:
    first, last = Finding("ok", "database", "first"), Finding("ok", "salon", "last")

    found = answered([first, question("a"), question("b"), last], offline=False)

    assert [(finding.message, finding.subject) for finding in found] == [
        ("first", ""), ("school answers", "a"), ("school answers", "b"), ("last", ""),
    ]  # fmt: skip


def test_whoever_is_dead_costs_the_others_nothing() -> None:
    over = Event()

    def dead() -> Finding:
        over.wait()
        return OK

    found = answered([question("dead", dead), *(question(str(n)) for n in range(50))], offline=False, deadline=2)
    over.set()

    assert [finding.status for finding in found] == ["problem", *["ok"] * 50]
    assert found[0].message == "dead: no answer within 2 s"
    assert found[0].next_step


def test_all_are_asked_at_once() -> None:
    """The first is answered only after the last was asked."""
    asked = Event()

    def first() -> Finding:
        assert asked.wait(60)
        return OK

    def last() -> Finding:
        asked.set()
        return OK

    found = answered([question("first", first), question("last", last)], offline=False)

    assert [finding.status for finding in found] == ["ok", "ok"]


def test_a_refusal_is_a_line_with_a_next_step_and_so_is_an_answer_of_any_shape() -> None:
    def refuse() -> Finding:
        raise AdminError("its gateway does not know this token", "give it the right one")

    def misconfigured() -> Finding:
        raise ConfigError("TELEGRAM_API_URL is not an http(s) address: correct it")

    def confuse() -> Finding:
        raise KeyError("canary")

    found = answered([question("a", refuse), question("b", misconfigured), question("c", confuse)], offline=False)

    assert [(finding.status, finding.subject) for finding in found] == [("problem", name) for name in "abc"]
    assert found[0].message == "a: its gateway does not know this token"
    assert found[0].next_step == "give it the right one"
    assert (found[1].message, found[1].next_step) == ("b: TELEGRAM_API_URL is not an http(s) address", "correct it")
    assert "canary" not in found[2].message
    assert found[2].next_step


def test_offline_nobody_is_asked() -> None:
    def ask() -> Finding:
        raise AssertionError

    found = answered([question("a", ask, "a: nobody was asked"), question("b", ask)], offline=True)

    assert [(finding.status, finding.message) for finding in found] == [("ok", "a: nobody was asked")]
