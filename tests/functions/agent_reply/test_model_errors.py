"""When the model gives no answer: a problem that says what to do, and nothing is stored."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.agent_reply import model_errors
from shared.clients.llm import Kind
from tests.functions.agent_reply.conftest import PATHS, World, until
from tests.helpers import learning

FAULTS = {
    "hang": (504, "timeout"),
    "drop": (502, "no_answer"),
    "garbage": (502, "garbage"),
    "empty": (502, "empty"),
    "filter": (502, "content_filter"),
    "cut": (502, "cut"),
    "quota": (502, "quota"),
    "limit": (503, "rate_limited"),
    "status": (503, "server_error"),
}


@pytest.mark.parametrize("does", FAULTS)
def test_a_failure_of_the_model_is_a_problem_and_nothing_is_stored(world: World, does: str) -> None:
    world.fail(does, seconds=60)

    response = world.ask(headers={"Idempotency-Key": does}, store_user_message=True)

    assert (response.status_code, response.json()["reason"]) == FAULTS[does]
    assert response.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in response.headers) == (response.status_code == 503)
    assert (world.stored(), world.key_row(does)) == ([], None)
    assert len(world.asked()) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_key_or_name_that_the_model_refuses_is_not_the_callers_fault(world: World, status: int) -> None:
    world.fail("status", status=status)

    response = world.ask()

    assert (response.status_code, response.json()["reason"]) == (502, "refused")


def test_a_short_limit_is_waited_for(world: World) -> None:
    world.fail("limit", seconds=0.1)

    assert world.ask().status_code == 200
    assert (len(world.asked()), len(world.stored())) == (2, 1)


def test_what_postgres_cannot_hold_of_a_reply_is_left_out(world: World) -> None:
    world.fail("nul")

    answer = world.ask().json()

    assert world.stored()[0]["content"] == answer["message"]
    assert "\x00" not in answer["message"]


def test_every_kind_of_failure_has_a_problem() -> None:
    kinds: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
    problems = [model_errors.to_problem(kind) for kind in kinds]

    assert [problem.reason for problem in problems] == list(kinds)
    assert {problem.status for problem in problems} == {502, 503, 504}
    assert set(kinds) >= model_errors.NOT_BILLED


def _used(world: World) -> tuple[int, int]:
    query = "select tokens, calls from learning.daily_usage where client_id = %s"
    row = world.connection.execute(query, (world.learner.client,)).fetchone()
    return (row["tokens"], row["calls"]) if row else (0, 0)


def test_what_the_model_counts_is_counted_for_the_client(world: World) -> None:
    answers = [world.ask().json() for _ in range(2)]

    assert _used(world) == (sum(answer["usage"]["total_tokens"] for answer in answers), 2)


@pytest.mark.parametrize("does", ["quota", "limit", "hang", "garbage"])
def test_a_call_that_nobody_pays_for_costs_the_client_nothing(world: World, does: str) -> None:
    world.fail(does, seconds=60)
    world.ask()

    assert (_used(world)[0] == 0) == (FAULTS[does][1] in model_errors.NOT_BILLED)


def test_a_client_without_tokens_left_today_gets_429_with_retry_after(world: World) -> None:
    world.learner = learning.learner(world.connection, daily_tokens=2000)
    while (response := world.ask(headers={"Idempotency-Key": "budget"}, memory="inmem")).status_code == 200:
        world.connection.execute("delete from learning.idempotency_keys where key = 'budget'")
        assert len(world.asked()) < 100

    assert (response.status_code, response.json()["reason"]) == (429, "daily_budget")
    assert 0 < int(response.headers["retry-after"]) <= 86_400
    assert world.key_row("budget") is None
    assert _used(world)[0] <= 2000


def test_many_calls_at_once_stay_within_the_days_tokens(world: World) -> None:
    world.learner = learning.learner(world.connection, daily_tokens=5000)
    world.fail("hang", seconds=60, times=10)  # nobody gives anything back

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(response.status_code for response in pool.map(lambda _: world.ask(memory="inmem"), range(10)))

    assert statuses == [429] * 7 + [504] * 3  # a call takes 1,500 and its prompt


def test_a_stopped_stream_costs_the_tokens_that_were_sent(world: World) -> None:
    world.learner = learning.learner(world.connection, daily_tokens=100_000)
    learning.template(world.connection, "Колокол: висит на башне и слышен всем, кто живёт рядом с ней")
    world.slow(0, between=0.1)
    body = {"user_message": "Где висит колокол?"}
    headers = world.learner.headers | {"Accept": "text/event-stream"}
    with world.http.stream("POST", PATHS["chat"], json=body, headers=headers) as response:
        lines = response.iter_lines()  # whose end would be the stream's
        next(lines)
        reserved, _ = _used(world)

    until(lambda: _used(world)[0] != reserved)
    assert reserved > 1500
    assert 0 < _used(world)[0] < 150


def test_a_model_that_does_not_count_is_counted_for(world: World) -> None:
    world.fail("no_usage")

    answer = world.ask().json()

    assert "usage" not in answer
    assert 0 < _used(world)[0] < 150


def test_an_upstream_reply_costs_nothing(world: World) -> None:
    world.learner = learning.learner(world.connection, daily_tokens=0)

    assert world.ask(reply="Готово").status_code == 200
    assert world.ask().status_code == 429
