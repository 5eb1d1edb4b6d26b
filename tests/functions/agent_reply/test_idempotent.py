"""One answer per Idempotency-Key."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from functions.agent_reply.key_claim import MAX_WAITERS
from tests.functions.agent_reply.conftest import DEADLINE_SECONDS, WORDS, World, until
from tests.helpers import learning

KEY = {"Idempotency-Key": "7d5c3a3e-key"}


def test_the_same_call_again_gets_the_same_answer_and_the_model_is_not_called_again(world: World) -> None:
    first = world.ask(headers=KEY)

    again = world.ask(headers=KEY)

    assert again.text == first.text
    assert (len(world.asked()), len(world.stored())) == (1, 1)


def test_the_order_of_names_in_the_body_does_not_matter(world: World) -> None:
    body: dict[str, Any] = {"session_id": str(world.learner.session), "user_message": WORDS, "memory": "inmem"}
    path, headers = "/agents/mentor_chat/v1/reply", world.learner.headers | KEY

    first = world.http.post(path, json=body, headers=headers)
    again = world.http.post(path, json=dict(reversed(body.items())), headers=headers)

    assert again.text == first.text
    assert len(world.asked()) == 1


@pytest.mark.parametrize(
    ("tab", "changed"),
    [("chat", {"user_message": "Другое"}), ("chat", {"store_user_message": True}), ("practice", {})],
    ids=["another message", "another wish", "another agent"],
)
def test_the_same_key_for_something_else_is_refused(world: World, tab: str, changed: dict[str, Any]) -> None:
    world.ask(headers=KEY)

    response = world.ask(tab, headers=KEY, **changed)

    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert len(world.asked()) == 1


def test_a_key_is_its_clients_own(world: World) -> None:
    first = world.ask(headers=KEY, user_message="Первое")
    world.learner = learning.learner(world.connection)

    response = world.ask(headers=KEY, user_message="Второе")

    assert response.status_code == 200
    assert response.json()["side_effects"] != first.json()["side_effects"]


@pytest.mark.parametrize("key", ["", "я", "x" * 256, "a\tb"], ids=["empty", "not ASCII", "too long", "a tab"])
def test_a_key_that_cannot_be_one_is_refused(world: World, key: str) -> None:
    response = world.ask(headers={"Idempotency-Key": key.encode()})  # type: ignore[dict-item]

    assert response.status_code == 400
    assert world.asked() == []


def test_while_the_first_call_runs_the_second_waits_for_its_answer(world: World) -> None:
    world.slow(0.5)

    answers = _at_once(world, 1 + MAX_WAITERS)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert (len(world.asked()), len(world.stored())) == (1, 1)


def test_of_calls_that_wait_one_goes_on_when_the_first_has_failed(world: World) -> None:
    world.slow(0.3)
    world.fail("status", status=500)

    answers = _at_once(world, 3)

    assert sorted(answer.status_code for answer in answers) == [200, 200, 503]
    assert (len(world.asked()), len(world.stored())) == (2, 1)


def test_a_failed_call_leaves_its_key_free(world: World) -> None:
    world.fail("garbage")

    assert world.ask(headers=KEY).status_code == 502
    assert world.key_row(KEY["Idempotency-Key"]) is None
    assert world.ask(headers=KEY).status_code == 200


def test_whoever_takes_a_key_over_is_the_one_who_stores(world: World) -> None:
    """The first attempt was frozen past its lease: its reply is thrown away, and it tells the other's."""
    world.slow(0.8)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(world.ask, "chat", KEY)
        until(world.asked)
        world.connection.execute("update learning.idempotency_keys set leased_until = now()")
        second = pool.submit(world.ask, "chat", KEY)
        answers = [first.result(), second.result()]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].text == answers[1].text
    assert (len(world.asked()), len(world.stored())) == (2, 1)


def test_a_call_that_waits_too_long_for_another_gets_503(world: World) -> None:
    """Somebody died with the key a moment ago; patience ends before the lease that a stream would have."""
    world.ask(headers=KEY)
    world.connection.execute(
        "update learning.idempotency_keys set answer = null, leased_until = now() + interval '1 hour'"
    )
    began = time.monotonic()

    response = world.ask(headers=KEY)

    assert (response.status_code, response.json()["reason"]) == (503, "in_progress")
    assert int(response.headers["retry-after"]) > 0
    assert DEADLINE_SECONDS < time.monotonic() - began < 20


def test_an_upstream_reply_is_stored_once_under_its_key(world: World) -> None:
    answers = [world.ask(headers=KEY, reply="Готово", store_user_message=True) for _ in range(2)]

    assert answers[0].text == answers[1].text
    assert [message["role"] for message in world.stored()] == ["user", "assistant"]


@pytest.mark.slow
def test_a_hundred_rounds_of_two_calls_at_once_make_a_hundred_replies(world: World) -> None:
    keys = [{"Idempotency-Key": f"round-{number}"} for number in range(100)]

    with ThreadPoolExecutor(2) as pool:
        rounds = [[call.result() for call in [pool.submit(world.ask, "chat", key) for _ in range(2)]] for key in keys]

    assert all(pair[0].status_code == 200 and pair[0].text == pair[1].text for pair in rounds)
    assert len(world.asked()) == 100
    assert [message["seq"] for message in world.stored()] == list(range(1, 101))


def _at_once(world: World, times: int) -> list[httpx.Response]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: world.ask(headers=KEY), range(times)))
