"""What a public client may store in an hour, and how little others notice of it."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from functions.learning_api import quotas
from functions.learning_api.schema import MAX_CONTENT
from shared.learning import limits
from tests.functions.learning_api.conftest import World, problem
from tests.functions.learning_api.test_sessions import begin
from tests.helpers import learning
from tests.helpers.waiting import until

USE = (
    "insert into learning.usage values (%s, %s, %s, date_trunc('hour', now(), 'UTC') - make_interval(hours => %s), %s)"
)
LIMITED: list[tuple[str, str, dict[str, Any]]] = [
    ("messages", "/messages/chat", {"content": "Да"}),
    ("synopses", "/synopsis", {"items": [{"a": 1}]}),
]


@pytest.fixture
def world(world: World) -> World:
    """With a public client, whose device is the learner's."""
    world.learner = learning.learner(world.connection, is_public=True)
    return world


def user(world: World) -> UUID:
    query = "select user_id from learning.track_sessions where id = %s"
    [row] = world.connection.execute(query, (world.learner.session,)).fetchall()
    found: UUID = row["user_id"]
    return found


def use(world: World, whose: UUID, kind: str, used: int, *, hours_ago: int = 0) -> None:
    world.connection.execute(USE, (world.learner.client, whose, kind, hours_ago, used))


def used(world: World, whose: UUID, kind: str) -> int:
    query = "select sum(used) as used from learning.usage where client_id = %s and user_id = %s and kind = %s"
    [row] = world.connection.execute(query, (world.learner.client, whose, kind)).fetchall()
    return int(row["used"] or 0)


def post(world: World, rest: str, body: object, **headers: str) -> httpx.Response:
    return world.call("POST", world.mine(rest), {"X-Device-Id": world.learner.device, **headers}, json=body)


@pytest.mark.parametrize(("kind", "rest", "body"), LIMITED)
def test_a_device_that_has_stored_enough_hears_429_until_the_next_hour(
    world: World, kind: str, rest: str, body: dict[str, Any]
) -> None:
    most = limits.DEVICE_PER_HOUR[kind]  # type: ignore[index]
    use(world, user(world), kind, most - 1)
    last, over = post(world, rest, body), post(world, rest, body)

    assert (last.status_code, over.status_code) == (201, 429)
    assert (problem(over)["title"], problem(over)["reason"]) == ("Too Many", "hourly_limit")
    assert 1 <= int(over.headers["retry-after"]) <= 3600
    assert used(world, user(world), kind) == most


@pytest.mark.parametrize(("kind", "rest", "body"), LIMITED)
def test_another_device_of_the_client_notices_nothing(world: World, kind: str, rest: str, body: dict[str, Any]) -> None:
    use(world, user(world), kind, limits.DEVICE_PER_HOUR[kind])  # type: ignore[index]
    other = World(
        world.http, world.connection, learning.learner(world.connection, (world.learner.client, world.learner.token))
    )

    assert post(world, rest, body).status_code == 429
    assert post(other, rest, body).status_code == 201


@pytest.mark.parametrize(("kind", "rest", "body"), LIMITED)
def test_all_devices_of_a_client_together_are_bounded_too(
    world: World, kind: str, rest: str, body: dict[str, Any]
) -> None:
    use(world, quotas.WHOLE_CLIENT, kind, limits.CLIENT_PER_HOUR[kind])  # type: ignore[index]

    assert post(world, rest, body).status_code == 429
    assert used(world, user(world), kind) == 0


@pytest.mark.parametrize(("kind", "rest", "body"), LIMITED)
def test_devices_that_came_today_leave_a_part_to_those_who_were_there_before(
    world: World, kind: str, rest: str, body: dict[str, Any]
) -> None:
    most = limits.CLIENT_PER_HOUR[kind] // limits.NEW_DEVICES_SHARE  # type: ignore[index]
    use(world, quotas.WHOLE_CLIENT, kind, most)

    assert post(world, rest, body).status_code == 429
    yesterday = "update learning.users set created_at = now() - interval '1 day' where id = %s"
    world.connection.execute(yesterday, (user(world),))
    assert post(world, rest, body).status_code == 201


def test_many_calls_at_once_stay_inside(world: World) -> None:
    use(world, user(world), "messages", limits.DEVICE_PER_HOUR["messages"] - 3)
    device = {"X-Device-Id": world.learner.device}
    answers = world.at_once(8, "POST", world.mine("/messages/chat"), headers=device, json={"content": "Да"})

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 5
    assert used(world, user(world), "messages") == limits.DEVICE_PER_HOUR["messages"]


def test_what_was_stored_in_another_hour_does_not_count(world: World) -> None:
    use(world, user(world), "messages", limits.DEVICE_PER_HOUR["messages"], hours_ago=1)

    assert post(world, "/messages/chat", {"content": "Да"}).status_code == 201


def test_a_long_message_counts_as_several(world: World) -> None:
    post(world, "/messages/chat", {"content": "я" * MAX_CONTENT})

    assert used(world, user(world), "messages") == 1 + 2 * MAX_CONTENT // limits.UNIT_BYTES


def test_devices_count_in_their_clients_row_by_portions_and_lock_it_no_more_often(
    world: World, module_direct_url: str
) -> None:
    """Somebody holds the client's row: calls within a portion go on."""
    post(world, "/messages/chat", {"content": "1"})
    assert used(world, quotas.WHOLE_CLIENT, "messages") == limits.PORTION
    with psycopg.connect(module_direct_url) as holder:
        holder.execute(
            "select from learning.usage where client_id = %s and user_id = %s for update",
            (world.learner.client, quotas.WHOLE_CLIENT),
        )
        within = [post(world, "/messages/chat", {"content": "2"}).status_code for _ in range(limits.PORTION - 1)]
    after = post(world, "/messages/chat", {"content": "3"})

    assert {*within, after.status_code} == {201}
    assert used(world, quotas.WHOLE_CLIENT, "messages") == 2 * limits.PORTION
    assert used(world, user(world), "messages") == limits.PORTION + 1


def test_new_devices_of_a_client_are_bounded_and_known_ones_go_on(world: World) -> None:
    use(world, quotas.WHOLE_CLIENT, "devices", limits.CLIENT_PER_HOUR["devices"] - 1)
    last, over = begin(world, str(uuid4())), begin(world, str(uuid4()))

    assert (last.status_code, over.status_code, problem(over)["reason"]) == (200, 429, "hourly_limit")
    assert begin(world, world.learner.device).status_code == 200
    assert world.count("users", "client_id = %s", world.learner.client) == 2


def test_new_sessions_of_a_device_are_bounded_and_open_ones_are_found(world: World) -> None:
    use(world, user(world), "sessions", limits.DEVICE_PER_HOUR["sessions"])
    other = learning.learner(world.connection)
    [row] = world.connection.execute("select slug from learning.tracks where id = %s", (other.track,)).fetchall()

    assert begin(world, world.learner.device, track=row["slug"]).status_code == 429
    assert begin(world, world.learner.device).status_code == 200


def test_changes_of_what_is_seen_are_bounded_and_what_changes_nothing_counts_nothing(world: World) -> None:
    most = limits.DEVICE_PER_HOUR["changes"]
    use(world, user(world), "changes", most - 1)
    answers = [
        world.call("PATCH", world.mine(), {"X-Device-Id": world.learner.device}, json={"activeTab": tab})
        for tab in ("practice", "practice", "chat")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[1].json()["activeTab"] == "practice"
    assert used(world, user(world), "changes") == most


def test_a_client_that_is_a_server_is_not_counted(world: World) -> None:
    world.learner = learning.learner(world.connection)

    assert [post(world, rest, body).status_code for _, rest, body in LIMITED] == [201, 201]
    assert world.count("usage", "client_id = %s", world.learner.client) == 0


def test_a_session_that_is_not_the_devices_counts_nothing(world: World) -> None:
    answer = world.call(
        "POST", f"/sessions/{uuid4()}/synopsis", {"X-Device-Id": world.learner.device}, json={"items": []}
    )

    assert answer.status_code == 404
    assert world.count("usage", "client_id = %s", world.learner.client) == 0


async def test_a_device_that_calls_many_times_at_once_leaves_the_others_their_connections(
    world: World, module_direct_url: str
) -> None:
    other = learning.learner(world.connection, (world.learner.client, world.learner.token))

    def stuck() -> int:
        query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return world.connection.execute(query).rowcount

    with ThreadPoolExecutor(8) as pool:
        with psycopg.connect(module_direct_url) as blocking:
            lock = "select from learning.chat_threads where id = %s for update"
            blocking.execute(lock, (world.learner.threads["chat"],))
            calls = [pool.submit(post, world, "/messages/chat", {"content": "Да"}) for _ in range(8)]
            await until(lambda: stuck() == 2)
            path, headers = f"/sessions/{other.session}/messages/chat", {"X-Device-Id": other.device}
            answer, still_stuck = world.call("GET", path, headers), stuck()
        answers = [call.result().status_code for call in calls]

    assert (answer.status_code, still_stuck, answers) == (200, 2, [201] * 8)


def test_a_device_in_a_loop_is_told_to_wait_and_others_are_served(world: World) -> None:
    device = {"X-Device-Id": world.learner.device}
    began = time.monotonic()

    answers = world.at_once(90, "GET", world.mine(), headers=device) + world.at_once(
        90, "GET", "/tracks", headers=device
    )

    let_in = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(let_in) + len(refused) == len(answers)
    most = limits.DEVICE_BURST + limits.DEVICE_PER_SECOND * (time.monotonic() - began) + 1
    assert limits.DEVICE_BURST <= len(let_in) <= most
    assert {(problem(answer)["reason"], answer.headers["retry-after"]) for answer in refused} == {("too_fast", "1")}
    other = learning.learner(world.connection, (world.learner.client, world.learner.token))
    assert world.call("GET", f"/sessions/{other.session}", {"X-Device-Id": other.device}).status_code == 200
