"""A person's session in a track: begun once, whoever begins it at the same moment."""

from typing import Any
from uuid import uuid4

import pytest

from tests.functions.learning_api.conftest import World, problem
from tests.helpers import canaries, learning


def slug(world: World) -> str:
    row = world.connection.execute("select slug from learning.tracks where id = %s", (world.learner.track,)).fetchone()
    assert row
    return str(row["slug"])


def begin(world: World, device: str, headers: dict[str, str] | None = None, track: str | None = None) -> Any:
    return world.call("POST", "/sessions", headers, json={"deviceId": device, "trackSlug": track or slug(world)})


def test_a_session_begins_with_three_threads_and_is_found_again(world: World) -> None:
    first, second = begin(world, "tablet 1"), begin(world, "tablet 1")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() == world.call("GET", f"/sessions/{first.json()['id']}").json()
    told = first.json()
    assert set(told) == {"id", "trackSlug", "activeTab", "sidebarVisible", "threads", "createdAt"}
    assert (told["trackSlug"], told["activeTab"], told["sidebarVisible"]) == (slug(world), "chat", True)
    assert set(told["threads"]) == {"chat", "practice", "simulation"}


def test_twenty_beginnings_at_once_make_one_user_one_session_and_three_threads(world: World) -> None:
    asked = {"deviceId": "phone", "trackSlug": slug(world)}
    answers = world.at_once(20, "POST", "/sessions", json=asked)

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert world.count("users", "device_id = 'phone' and client_id = %s", world.learner.client) == 1
    session = answers[0].json()["id"]
    assert (
        world.count("track_sessions", "user_id = (select user_id from learning.track_sessions where id = %s)", session)
        == 1
    )
    assert world.count("chat_threads", "session_id = %s", session) == 3


def test_a_device_has_a_session_in_each_track_and_another_client_another_user(world: World) -> None:
    other = learning.learner(world.connection)
    sessions = {
        begin(world, "phone-2").json()["id"],
        begin(world, "phone-2", track=slug(World(world.http, world.connection, other))).json()["id"],
        begin(world, "phone-2", other.headers).json()["id"],
    }

    assert len(sessions) == 3
    assert world.count("users", "device_id = 'phone-2'") == 2


def test_a_thread_that_was_deleted_is_missing_until_the_session_is_begun_again(world: World) -> None:
    told = begin(world, "phone-3").json()
    world.connection.execute("delete from learning.chat_threads where id = %s", (told["threads"]["practice"],))
    without = world.call("GET", f"/sessions/{told['id']}").json()
    again = begin(world, "phone-3")

    assert set(without["threads"]) == {"chat", "simulation"}
    assert again.status_code == 200
    assert again.json()["threads"].items() >= without["threads"].items()
    assert again.json()["threads"]["practice"] != told["threads"]["practice"]


def test_a_public_client_needs_no_header_to_begin(world: World) -> None:
    world.connection.execute("update learning.clients set is_public = true where id = %s", (world.learner.client,))
    device = str(uuid4())
    answers = [begin(world, device), begin(world, device, {"X-Device-Id": device})]
    other = begin(world, device, {"X-Device-Id": str(uuid4())})

    assert [answer.status_code for answer in answers] == [200, 200]
    assert problem(other)["title"] == "Two Devices"
    assert other.status_code == 422


@pytest.mark.parametrize("track", ["nobodys", "", "Ж\x00"])
def test_an_unknown_track_makes_nobody(world: World, track: str) -> None:
    asked = {"deviceId": "phone-6", "trackSlug": track}
    answer = world.call("POST", "/sessions", json=asked)

    assert answer.status_code == 404
    assert world.count("users", "device_id = 'phone-6'") == 0


def test_what_a_person_sees_is_remembered(world: World) -> None:
    whole = world.call("PATCH", world.mine(), json={"activeTab": "simulation", "sidebarVisible": False})
    half = world.call("PATCH", world.mine(), json={"sidebarVisible": True})
    nothing = world.call("PATCH", world.mine(), json={"activeTab": None, "colour": "red"})

    assert (whole.json()["activeTab"], whole.json()["sidebarVisible"]) == ("simulation", False)
    assert (half.json()["activeTab"], half.json()["sidebarVisible"]) == ("simulation", True)
    assert half.json() == nothing.json() == world.call("GET", world.mine()).json()


DEVICE = "deviceId is not 1 to 200 printable ASCII characters without spaces at the ends."


@pytest.mark.parametrize(
    ("method", "body", "detail"),
    [
        ("POST", {"trackSlug": "t"}, "deviceId is missing."),
        ("POST", {"deviceId": "d"}, "trackSlug is missing."),
        ("POST", {"deviceId": "", "trackSlug": "t"}, DEVICE),
        ("POST", {"deviceId": "d" * 201, "trackSlug": "t"}, DEVICE),
        ("POST", {"deviceId": " d", "trackSlug": "t"}, DEVICE),
        ("POST", {"deviceId": "телефон", "trackSlug": "t"}, DEVICE),
        ("POST", {"deviceId": "a\nb", "trackSlug": "t"}, DEVICE),
        ("POST", {"deviceId": "a\n", "trackSlug": "t"}, DEVICE),
        ("POST", {"deviceId": 7, "trackSlug": "t"}, "deviceId is no text."),
        ("POST", {"device_id": "d", "trackSlug": "t"}, "deviceId is missing."),
        ("POST", {"deviceId": "d", "trackSlug": None}, "trackSlug is no text."),
        ("POST", [canaries.LEARNER_WORDS], "The body is no object."),
        ("PATCH", {"activeTab": canaries.LEARNER_WORDS}, "activeTab is none of 'chat', 'practice' or 'simulation'."),
        ("PATCH", {"sidebarVisible": "true"}, "sidebarVisible is neither true nor false."),
    ],
)
def test_what_is_wrong_is_said_without_repeating_it(world: World, method: str, body: object, detail: str) -> None:
    answer = world.call(method, world.mine() if method == "PATCH" else "/sessions", json=body)

    assert problem(answer)["detail"] == detail
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 400),
        (b"{", {}, 400),
        (b'{"deviceId": "\xff"}', {}, 400),
        (b'{"deviceId": "\\ud800"}', {}, 400),
        (b"{}" + b" " * 1_100_000, {}, 413),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"Content-Encoding": "gzip"}, 415),
    ],
)
def test_what_cannot_be_read_is_refused(world: World, content: bytes, headers: dict[str, str], status: int) -> None:
    answer = world.call("POST", "/sessions", {"Content-Type": "application/json", **headers}, content=content)

    assert problem(answer)["status"] == status
