"""A session's notes: one set is live, and none gets lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.functions.learning_api.conftest import World, problem


def note(world: World, *items: dict[str, Any], **more: Any) -> httpx.Response:
    return world.call("POST", world.mine("/synopsis"), json={"items": list(items), **more})


def read(world: World) -> Any:
    return world.call("GET", world.mine("/synopsis")).json()


def test_there_is_none_at_first(world: World) -> None:
    assert read(world) == {"live": None, "snapshots": []}


def test_a_new_live_one_turns_the_old_into_a_snapshot(world: World) -> None:
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


def test_an_imported_one_stands_beside_the_live_one(world: World) -> None:
    live, imported = note(world, {"a": 1}), note(world, {"a": 1}, origin="imported")

    assert (imported.status_code, imported.json()["origin"]) == (201, "imported")
    assert read(world) == {"live": live.json(), "snapshots": [imported.json()]}


def test_the_newest_twenty_are_shown(world: World) -> None:
    for number in range(25):
        assert note(world, {"n": number}).status_code == 201
    told = read(world)

    assert told["live"]["items"] == [{"n": 24}]
    assert [one["items"] for one in told["snapshots"]] == [[{"n": number}] for number in range(23, 3, -1)]


def test_many_at_once_leave_one_live_and_lose_none(world: World) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: note(world, {"n": number}), range(16)))

    assert {answer.status_code for answer in answers} == {201}
    told = read(world)
    kept = [told["live"], *told["snapshots"]]
    assert sorted(one["items"][0]["n"] for one in kept) == list(range(16))
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
        ({"items": ["a"]}, "items is no object."),
        ({"items": [{}] * 201}, "items has more than 200 parts."),
        ({"items": [{"a": "я" * 32_000}]}, "items has more than 64000 bytes."),
        ({"items": [], "origin": "snapshot"}, "origin is none of 'live' or 'imported'."),
    ],
)
def test_what_is_wrong_with_notes_is_said(world: World, body: object, detail: str) -> None:
    answer = world.call("POST", world.mine("/synopsis"), json=body)

    assert (answer.status_code, problem(answer)["detail"]) == (422, detail)


def test_notes_without_what_postgres_cannot_hold_are_kept(world: World) -> None:
    assert note(world, {"a\x00": "b\x00"}).json()["items"] == [{"a": "b"}]
