"""A reply as it is being said: passed on at once, stored when it is whole."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.functions.agent_reply.conftest import PATHS, WORDS, World, until
from tests.helpers import canaries, learning

STREAM = {"Accept": "text/event-stream"}
KEY = {"Idempotency-Key": "stream-1"}
FACT = "Колокол: висит на башне и слышен всем, кто живёт рядом"
QUESTION = "Где висит колокол?"


@pytest.fixture
def talking(world: World) -> World:
    """The model has a sentence to say."""
    learning.template(world.connection, FACT)
    return world


def _ask(world: World, headers: dict[str, str] | None = None, **body: Any) -> list[tuple[str, Any]]:
    return world.events(headers=headers, user_message=QUESTION, **body)


@contextmanager
def _reading(world: World, **headers: str) -> Iterator[Iterator[tuple[float, str, Any]]]:
    """The events as they come, each with its moment."""
    body = {"session_id": str(world.learner.session), "user_message": QUESTION, "apply_side_effects": True}
    sent = world.learner.headers | STREAM | headers
    with world.http.stream("POST", PATHS["chat"], json=body, headers=sent) as response:
        lines = response.iter_lines()

        def read() -> Iterator[tuple[float, str, Any]]:
            for line in lines:
                if line.startswith("event: "):
                    data = json.loads(next(lines).removeprefix("data: "))
                    yield time.monotonic(), line.removeprefix("event: "), data

        yield read()


def test_the_pieces_are_the_message_and_the_last_event_is_the_answer(talking: World) -> None:
    *deltas, (name, answer) = _ask(talking)

    assert name == "done"
    assert {kind for kind, _ in deltas} == {"delta"}
    assert len(deltas) > 3
    assert "".join(data["text"] for _, data in deltas) == answer["message"]
    [message] = talking.stored()
    assert message["content"] == answer["message"]
    assert answer["side_effects"] == {"applied": True, "message_id": str(message["id"])}
    assert message["meta_json"]["usage"] == answer["usage"]


def test_a_piece_is_passed_on_before_the_next_has_come(talking: World) -> None:
    talking.slow(0, between=0.1)

    with _reading(talking) as events:
        moments = [moment for moment, name, _ in events if name == "delta"]

    steps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(steps) > 3
    assert sum(steps) > 0.03 * len(steps)  # none was kept back until the end


def test_a_message_is_stored_when_it_is_whole_and_not_before(talking: World) -> None:
    talking.slow(0, between=0.2)

    with _reading(talking, **KEY) as events:
        next(events)
        assert talking.stored() == []
        assert [name for _, name, _ in events][-1] == "done"
    assert len(talking.stored()) == 1


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("break", "no_answer"),
        ("stall", "timeout"),
        ("cut", "cut"),
        ("filter", "content_filter"),
    ],
)
def test_a_stream_that_is_cut_stores_nothing(talking: World, does: str, reason: str) -> None:
    talking.fail(does, seconds=60)

    *deltas, (name, problem) = _ask(talking, headers=KEY, store_user_message=True)

    assert deltas
    assert (name, problem["reason"]) == ("error", reason)
    assert (talking.stored(), talking.key_row(KEY["Idempotency-Key"])) == ([], None)
    assert _ask(talking, headers=KEY)[-1][0] == "done"
    assert len(talking.stored()) == 1


BEFORE = {"drop": 502, "hang": 504, "status": 503, "quota": 502, "garbage": 502, "empty": 502}


@pytest.mark.parametrize("does", BEFORE)
def test_what_goes_wrong_before_the_first_word_is_a_plain_problem(talking: World, does: str) -> None:
    talking.fail(does, seconds=60)

    response = talking.ask(headers=STREAM | KEY)

    assert response.status_code == BEFORE[does]
    assert response.headers["content-type"] == "application/problem+json"
    assert (talking.stored(), talking.key_row(KEY["Idempotency-Key"])) == ([], None)


def test_whoever_leaves_in_the_middle_ends_the_models_call_and_nothing_is_stored(talking: World) -> None:
    talking.slow(0, between=0.1)

    with _reading(talking, **KEY) as events:
        next(events)

    until(lambda: talking.asked()[-1]["left"])
    until(lambda: talking.key_row(KEY["Idempotency-Key"]) is None)
    assert talking.stored() == []


def test_whoever_leaves_while_the_model_is_silent_ends_its_call_too(talking: World) -> None:
    talking.fail("stall", seconds=60)

    with _reading(talking, **KEY) as events:
        next(events)

    until(lambda: talking.asked()[-1]["left"])
    until(lambda: talking.key_row(KEY["Idempotency-Key"]) is None)
    assert talking.stored() == []


def test_whoever_leaves_before_the_first_word_ends_the_models_call_too(talking: World) -> None:
    talking.slow(1.2)
    server = talking.http.base_url
    with closing(HTTPConnection(server.host, server.port)) as connection:
        headers = talking.learner.headers | STREAM | KEY | {"Content-Type": "application/json"}
        connection.request("POST", PATHS["chat"], json.dumps({"user_message": QUESTION}), headers)
        until(talking.asked)

    until(lambda: talking.asked()[-1]["left"])
    until(lambda: talking.key_row(KEY["Idempotency-Key"]) is None)


def test_a_reply_that_is_known_is_streamed_at_once(talking: World) -> None:
    first = _ask(talking, headers=KEY)

    again = _ask(talking, headers=KEY)

    assert again == [("delta", {"text": first[-1][1]["message"]}), first[-1]]
    assert (len(talking.asked()), len(talking.stored())) == (1, 1)


def test_whole_or_as_events_it_is_the_same_reply(talking: World) -> None:
    streamed = _ask(talking, headers=KEY)

    whole = talking.ask(headers=KEY, user_message=QUESTION)

    assert whole.json() == streamed[-1][1]
    assert len(talking.asked()) == 1


def test_a_second_call_waits_for_the_reply_that_is_streamed_to_the_first(talking: World) -> None:
    talking.slow(0.1, between=0.02)

    with ThreadPoolExecutor(2) as pool:
        streams = [pool.submit(_ask, talking, KEY) for _ in range(2)]
        answers = [stream.result()[-1] for stream in streams]

    assert answers[0] == answers[1]
    assert (len(talking.asked()), len(talking.stored())) == (1, 1)


def test_a_stream_whose_key_was_taken_over_stores_nothing(talking: World) -> None:
    talking.slow(0, between=0.1)
    with _reading(talking, **KEY) as events:
        next(events)
        talking.connection.execute("update learning.idempotency_keys set leased_until = now()")
        other = talking.ask(headers=KEY, user_message=QUESTION)
        *_, (_, name, problem) = events

    assert other.status_code == 200
    assert (name, problem["reason"]) == ("error", "in_progress")
    assert len(talking.stored()) == 1


def test_an_upstream_reply_is_passed_on_as_one_piece(world: World) -> None:
    events = _ask(world, reply=canaries.REPLY_WORDS)

    assert events[0] == ("delta", {"text": canaries.REPLY_WORDS})
    assert events[1][1]["side_effects"]["applied"]
    assert len(events) == 2


def test_a_thread_that_is_deleted_during_a_stream_is_no_error(talking: World) -> None:
    talking.slow(0, between=0.05)
    with _reading(talking) as events:
        next(events)
        talking.connection.execute(
            "delete from learning.chat_threads where session_id = %s", (talking.learner.session,)
        )
        *_, (_, name, answer) = events

    assert name == "done"
    assert answer["side_effects"] == {"applied": False, "reason": "no_thread"}


@pytest.mark.parametrize("does", ["nul", "split"])
def test_odd_streams_come_out_as_texts_that_postgres_holds(talking: World, does: str) -> None:
    talking.fail(does)

    *deltas, (name, answer) = _ask(talking)

    assert name == "done"
    assert "".join(data["text"] for _, data in deltas) == answer["message"] == talking.stored()[0]["content"]
    assert not {"\x00", "\ufffd"} & set(answer["message"])


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json, Text/Event-Stream;q=0.5"])
def test_whoever_accepts_events_gets_them(world: World, accept: str) -> None:
    response = world.ask(headers={"Accept": accept})

    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_others_get_json(world: World, accept: str) -> None:
    assert isinstance(world.ask(headers={"Accept": accept}, user_message=WORDS).json(), dict)


def test_a_problem_with_the_request_is_answered_before_the_stream(world: World) -> None:
    response: httpx.Response = world.ask(headers=STREAM, user_message="")

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
