"""What is deleted at the very moment of a call: the call hears what it would have heard a moment later."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from tests.functions.learning_api.conftest import World, problem
from tests.functions.learning_api.test_sessions import begin

WAITS = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
REMOVE = "delete from learning.track_sessions where id = %(session)s"
REMOVE_THREADS = "delete from learning.chat_threads where session_id = %(session)s"
REMOVE_USER = "delete from learning.users where device_id = %(device)s"
ADD_THREAD = "insert into learning.chat_threads (session_id, tab) values (%(session)s, 'chat')"
SOMETHING_ELSE = """
    create function learning.refuse() returns trigger language plpgsql as $$
    begin raise foreign_key_violation; end $$;
    create trigger refuse before insert on learning.track_sessions execute function learning.refuse()
"""


class Meanwhile:
    """Somebody else's transaction, around a call that has to wait for it."""

    def __init__(self, world: World, connection: psycopg.Connection) -> None:
        self.world = world
        self.connection = connection
        self.values = {"session": world.learner.session, "device": world.learner.device}

    def during(self, before: str, after: str, method: str, path: str, **more: Any) -> httpx.Response:
        """`before` happens, the call comes and waits, `after` happens and is committed; the call's answer."""
        with ThreadPoolExecutor(1) as pool:
            self.connection.execute(before.encode(), self.values)
            call = pool.submit(self.world.call, method, path, **more)
            give_up_at = time.monotonic() + 240
            while self.world.connection.execute(WAITS).fetchone() is None:
                assert time.monotonic() < give_up_at
                assert not call.done(), call.result().text
                time.sleep(0.02)
            self.connection.execute(after.encode(), self.values)
            self.connection.commit()
            return call.result()


@pytest.fixture
def meanwhile(world: World, module_direct_url: str) -> Iterator[Meanwhile]:
    with psycopg.connect(module_direct_url) as connection:
        yield Meanwhile(world, connection)


def asked(world: World) -> dict[str, str]:
    [row] = world.connection.execute(
        "select slug from learning.tracks where id = %s", (world.learner.track,)
    ).fetchall()
    return {"deviceId": world.learner.device, "trackSlug": row["slug"]}


@pytest.mark.parametrize(
    ("method", "rest", "body", "headers"),
    [
        ("POST", "/synopsis", {"items": [{"a": 1}]}, {}),
        ("POST", "/synopsis", {"items": [{"a": 1}]}, {"Idempotency-Key": "k"}),
        ("POST", "/synopsis", {"items": [{"a": 1}], "origin": "imported"}, {}),
        ("PATCH", "", {"activeTab": "practice"}, {}),
    ],
)
def test_a_session_that_is_deleted_meanwhile_is_answered_like_none(
    meanwhile: Meanwhile, method: str, rest: str, body: object, headers: dict[str, str]
) -> None:
    world = meanwhile.world
    answer = meanwhile.during(REMOVE, "select", method, world.mine(rest), json=body, headers=headers)

    assert (answer.status_code, answer.text) == (404, world.call("GET", world.mine()).text)
    assert world.count("idempotency_keys", "client_id = %s", world.learner.client) == 0


def test_notes_of_a_session_whose_deletion_is_undone_are_kept(meanwhile: Meanwhile) -> None:
    world = meanwhile.world
    undone = f"savepoint s; {REMOVE.replace('%(session)s', repr(str(world.learner.session)))}"
    meanwhile.values = {}
    answer = meanwhile.during(undone, "rollback to s", "POST", world.mine("/synopsis"), json={"items": []})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("first", "before", "after"),
    [(REMOVE_THREADS, ADD_THREAD, REMOVE), ("select", REMOVE, REMOVE_USER), ("select", REMOVE, "select")],
    ids=["before its threads are added", "together with its person", "alone"],
)
def test_a_session_that_is_deleted_while_it_is_opened_is_begun_again(
    meanwhile: Meanwhile, first: str, before: str, after: str
) -> None:
    world = meanwhile.world
    world.connection.execute(first.encode(), meanwhile.values)
    answer = meanwhile.during(before, after, "POST", "/sessions", json=asked(world))

    assert answer.status_code == 201
    told = answer.json()
    assert told["id"] != str(world.learner.session)
    assert told == world.call("GET", f"/sessions/{told['id']}").json()
    assert len(told["threads"]) == 3


def test_a_session_that_is_deleted_again_and_again_is_503(world: World) -> None:
    world.connection.execute(SOMETHING_ELSE.encode())
    try:
        answer = begin(world, "phone")
    finally:
        world.connection.execute("drop function learning.refuse cascade")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert problem(answer)["title"] == "Deleted Meanwhile"
    assert world.count("users", "device_id = 'phone'") == 0
    assert begin(world, "phone").status_code == 201
