"""A session's notes: one set is live, and none gets lost."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from functions.learning_api import synopses
from functions.learning_api.schema import MAX_ITEMS_BYTES
from shared.database import sql
from tests.functions.learning_api.conftest import World, problem


def note(world: World, *items: dict[str, Any], **more: Any) -> httpx.Response:
    return world.call("POST", world.mine("/synopsis"), json={"items": list(items), **more})


def keyed(world: World, *items: dict[str, Any], **more: Any) -> httpx.Response:
    body = {"items": list(items), **more}
    return world.call("POST", world.mine("/synopsis"), {"Idempotency-Key": "k"}, json=body)


def read(world: World) -> Any:
    return world.call("GET", world.mine("/synopsis")).json()


def test_a_new_session_has_no_synopsis(world: World) -> None:
    assert read(world) == {"live": None, "snapshots": []}


def test_a_new_live_synopsis_turns_the_old_into_a_snapshot(world: World) -> None:
    first, second = note(world, {"title": "Ключ", "done": False}), note(world, {"title": "Индекс"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["items"] == [{"title": "Ключ", "done": False}]
    told = read(world)
    assert told["live"] == second.json()
    [snapshot] = told["snapshots"]
    assert (snapshot["id"], snapshot["origin"], snapshot["items"]) == (
        first.json()["id"], "snapshot", first.json()["items"],
    )  # fmt: skip


def test_what_is_live_already_changes_nothing(world: World) -> None:
    first, again = note(world, {"a": 1, "b": [1.0]}), note(world, {"b": [1], "a": 1})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert read(world) == {"live": first.json(), "snapshots": []}


def test_an_imported_synopsis_stands_beside_the_live_one(world: World) -> None:
    live, imported = note(world, {"a": 1}), note(world, {"a": 1}, origin="imported")

    assert (imported.status_code, imported.json()["origin"]) == (201, "imported")
    assert read(world) == {"live": live.json(), "snapshots": [imported.json()]}


def test_the_newest_twenty_are_shown(world: World) -> None:
    for number in range(25):
        assert note(world, {"n": number}).status_code == 201
    told = read(world)

    assert told["live"]["items"] == [{"n": 24}]
    assert [synopsis["items"] for synopsis in told["snapshots"]] == [[{"n": number}] for number in range(23, 3, -1)]


def test_the_newest_twenty_are_kept_and_the_live_one(world: World) -> None:
    add = sql.load(synopses.__file__)["add"]
    old = {"session": world.learner.session, "items": "[]", "origin": "imported", "snapshots": 1000}
    for _ in range(30):
        world.connection.execute(add, old)
    note(world, {"n": 1})
    note(world, {"n": 2})
    note(world, {"n": 3}, origin="imported")
    told = read(world)

    assert world.count("synopses", "session_id = %s", world.learner.session) == 21
    assert told["live"]["items"] == [{"n": 2}]
    assert [synopsis["items"] for synopsis in told["snapshots"]] == [[{"n": 3}], [{"n": 1}], *[[]] * 18]


def test_many_at_once_leave_one_live_and_lose_none(world: World) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: note(world, {"n": number}), range(16)))

    assert {answer.status_code for answer in answers} == {201}
    told = read(world)
    kept = [told["live"], *told["snapshots"]]
    assert sorted(synopsis["items"][0]["n"] for synopsis in kept) == list(range(16))
    assert world.count("synopses", "session_id = %s and origin = 'live'", world.learner.session) == 1


def test_the_same_many_times_at_once_is_stored_once(world: World) -> None:
    answers = world.at_once(10, "POST", world.mine("/synopsis"), json={"items": [{"n": 1}]})

    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert world.count("synopses", "session_id = %s", world.learner.session) == 1


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "items is missing."),
        ({"items": {}}, "items is no list."),
        ({"items": ["a"]}, "items has a part that is not what it should be."),
        ({"items": [{}] * 201}, "items has more than 200 parts."),
        ({"items": [{"a": "я" * 32_000}]}, "items has more than 64000 bytes."),
        ({"items": [], "origin": "snapshot"}, "origin is none of 'live' or 'imported'."),
    ],
)
def test_what_is_wrong_with_notes_is_said(world: World, body: object, detail: str) -> None:
    answer = world.call("POST", world.mine("/synopsis"), json=body)

    assert (answer.status_code, problem(answer)["detail"]) == (422, detail)


def test_what_postgres_cannot_hold_leaves_a_mark_in_notes(world: World) -> None:
    assert note(world, {"a\x00": "b\x00"}).json()["items"] == [{"a\ufffd": "b\ufffd"}]


def test_twenty_one_synopses_of_the_largest_numbers_are_read_in_a_bounded_answer(world: World) -> None:
    for number in range(21):
        assert note(world, {"n": [number, *[1e15] * 3000]}).status_code == 201
    answer = world.call("GET", world.mine("/synopsis"))

    assert len(answer.content) < 21 * (MAX_ITEMS_BYTES + 300)


def test_a_number_that_postgres_would_write_with_hundreds_of_digits_is_refused(world: World) -> None:
    assert problem(note(world, {"n": [1e308]}))["detail"].startswith("items has a number in it")


@pytest.mark.parametrize("origin", ["live", "imported"])
def test_notes_come_once_per_key_and_something_else_is_409(world: World, origin: str) -> None:
    first, again = (keyed(world, {"a": 1}, origin=origin) for _ in range(2))
    note(world, {"a": 2})
    late, other = keyed(world, {"a": 1}, origin=origin), keyed(world, {"a": 3}, origin=origin)

    assert (first.status_code, other.status_code) == (201, 409)
    assert {(response.status_code, response.text) for response in (again, late)} == {(201, first.text)}
    assert world.count("synopses", "session_id = %s", world.learner.session) == 2


def test_a_key_remembers_that_the_notes_were_live_already(world: World) -> None:
    note(world, {"a": 1})
    first = keyed(world, {"a": 1})
    note(world, {"a": 2})

    assert (first.status_code, keyed(world, {"a": 1}).status_code) == (200, 200)
    assert keyed(world, {"a": 1}).text == first.text


def test_the_same_key_many_times_at_once_imports_once(world: World) -> None:
    body = {"items": [{"n": 1}], "origin": "imported"}
    answers = world.at_once(10, "POST", world.mine("/synopsis"), headers={"Idempotency-Key": "k"}, json=body)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert world.count("synopses", "session_id = %s", world.learner.session) == 1


def test_a_process_that_freezes_with_a_session_holds_up_its_notes_for_seconds(
    world: World, module_direct_url: str
) -> None:
    lock = sql.load(synopses.__file__)["lock"]
    with psycopg.connect(module_direct_url) as frozen:
        frozen.execute(lock, {"session": world.learner.session})
        begun = time.monotonic()
        answers = [note(world, {"a": 1})]
        while answers[-1].status_code == 503 and len(answers) < 9:
            answers.append(note(world, {"a": 1}))
        took = time.monotonic() - begun

        with pytest.raises(psycopg.Error):
            frozen.execute("select")
    assert (answers[0].status_code, answers[-1].status_code) == (503, 201)
    assert took > 3
    assert len(answers) < 5, "each of them waits for two seconds or more"
