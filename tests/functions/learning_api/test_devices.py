"""Devices of public clients: their ids cannot be guessed, and no answer says who is known."""

from uuid import uuid4

import pytest

from tests.functions.learning_api.conftest import World, problem
from tests.functions.learning_api.test_sessions import begin, slug
from tests.helpers import learning

WEAK = "ivan-ipad"


@pytest.fixture
def world(world: World) -> World:
    """With a public client."""
    world.learner = learning.learner(world.connection, is_public=True)
    return world


def weak_device(world: World, device: str = WEAK, days: int | None = None) -> str:
    """A device from before ids were looked at, with a session in the learner's track; the session's id."""
    user = learning.insert(world.connection, "learning.users", client_id=world.learner.client, device_id=device)
    if days is not None:
        update = "update learning.users set weak_until = now() + make_interval(days => %s) where id = %s"
        world.connection.execute(update, (days, user))
    session = learning.insert(world.connection, "learning.track_sessions", user_id=user, track_id=world.learner.track)
    return str(session)


def rename(world: World, new: str, former: str) -> str:
    body = {"deviceId": new, "formerDeviceId": former, "trackSlug": slug(world)}
    return str(world.call("POST", "/sessions", json=body).json()["id"])


@pytest.mark.parametrize("device", [WEAK, "1", "0" * 32, "6f0c1b52 9d1e 4f7a 8c39 5e2d7a40b1c6"])
def test_a_device_that_can_be_guessed_opens_nothing_whether_it_is_there_or_not(world: World, device: str) -> None:
    unknown = begin(world, device)
    weak_device(world, device)
    known = begin(world, device)

    assert (unknown.status_code, problem(unknown)["reason"]) == (422, "weak_device")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


def test_the_answer_does_not_tell_a_known_device_from_a_new_one(world: World) -> None:
    device = str(uuid4())
    new, known = begin(world, device), begin(world, device)

    assert (new.status_code, known.status_code) == (200, 200)
    assert new.text == known.text


def test_a_device_from_before_goes_on_for_a_while(world: World) -> None:
    session = weak_device(world, days=1)

    assert (begin(world, WEAK).status_code, begin(world, WEAK).json()["id"]) == (200, session)


def test_after_that_it_is_refused_with_the_reason_and_its_open_session_is_still_there(world: World) -> None:
    session = weak_device(world, days=-1)

    assert problem(begin(world, WEAK))["reason"] == "weak_device"
    assert world.call("GET", f"/sessions/{session}", {"X-Device-Id": WEAK}).status_code == 200


def test_a_front_end_gives_a_device_from_before_a_new_id_once(world: World) -> None:
    session, new = weak_device(world, days=1), str(uuid4())

    assert [rename(world, new, WEAK) for _ in range(2)] == [session, session]
    assert begin(world, new).json()["id"] == session
    assert begin(world, WEAK).status_code == 422
    assert world.count("users", "client_id = %s", world.learner.client) == 2


@pytest.mark.parametrize("days", [None, -1])
def test_no_other_device_is_taken_over_by_its_former_id(world: World, days: int | None) -> None:
    sessions = {weak_device(world, days=days), str(world.learner.session)}

    assert rename(world, str(uuid4()), WEAK) not in sessions
    assert rename(world, str(uuid4()), world.learner.device) not in sessions


def test_a_server_names_its_devices_as_it_likes(world: World) -> None:
    world.learner = learning.learner(world.connection)

    assert [begin(world, WEAK).status_code, begin(world, WEAK).status_code] == [201, 200]
