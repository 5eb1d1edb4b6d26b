"""The function as the role that it is deployed with: a whole lesson, and no step further."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.functions.learning_api.conftest import World
from tests.helpers import grants, learning
from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread


@pytest.fixture(scope="module")
def served(module_direct_url: str, printed: Path) -> Iterator[Served]:
    url = grants.as_role(module_direct_url, "learning_api")
    with serve_in_thread("learning_api", printed, DATABASE_URL=url) as running:
        yield running


def test_its_role_suffices_for_everything_that_it_does(world: World) -> None:
    [track] = [found["slug"] for found in world.call("GET", "/tracks").json()["tracks"]]
    begun = world.call("POST", "/sessions", json={"deviceId": "phone", "trackSlug": track})
    session = f"/sessions/{begun.json()['id']}"
    key = {"Idempotency-Key": "k"}
    calls: list[tuple[str, str, dict[str, str], Any]] = [
        ("GET", f"/tracks/{track}", {}, None),
        ("GET", f"/tracks/{track}/roadmap", {}, None),
        ("POST", "/sessions", {}, {"deviceId": "phone", "trackSlug": track}),
        ("GET", session, {}, None),
        ("PATCH", session, {}, {"activeTab": "practice"}),
        ("POST", f"{session}/messages/chat", {}, {"content": "Да"}),
        ("POST", f"{session}/messages/chat", key, {"content": "Да"}),
        ("POST", f"{session}/messages/chat", key, {"content": "Да"}),
        ("GET", f"{session}/messages/chat", {}, None),
        ("GET", f"{session}/messages/chat?after=1", {}, None),
        ("POST", f"{session}/synopsis", {}, {"items": []}),
        ("POST", f"{session}/synopsis", {}, {"items": []}),
        ("POST", f"{session}/synopsis", {}, {"items": [{}]}),
        ("POST", f"{session}/synopsis", {"Idempotency-Key": "l"}, {"items": [], "origin": "imported"}),
        ("GET", f"{session}/synopsis", {}, None),
    ]
    statuses = [world.call(method, path, headers, json=body).status_code for method, path, headers, body in calls]

    assert begun.status_code == 201
    assert statuses == [200] * 5 + [201] * 3 + [200] * 2 + [201, 200, 201, 201, 200]


def test_it_suffices_for_a_public_client_too(world: World) -> None:
    world.learner = learning.learner(world.connection, is_public=True)
    query = "update learning.users u set weak_until = now() + interval '1 day' where u.device_id = %s"
    world.connection.execute(query, (world.learner.device,))
    [track] = world.connection.execute(
        "select slug from learning.tracks where id = %s", (world.learner.track,)
    ).fetchall()
    body = {"deviceId": str(uuid4()), "formerDeviceId": world.learner.device, "trackSlug": track["slug"]}
    device = {"X-Device-Id": body["deviceId"]}
    answers = [
        world.call("POST", "/sessions", json=body),
        world.call("POST", "/sessions", json={**body, "deviceId": str(uuid4())}),
        world.call("POST", world.mine("/messages/chat"), device, json={"content": "Да"}),
        world.call("POST", world.mine("/synopsis"), device, json={"items": []}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 201, 201]
    assert answers[0].json()["id"] == str(world.learner.session) != answers[1].json()["id"]


@pytest.mark.parametrize(
    "statement",
    [
        "select tokens from learning.daily_usage",
        "select content from learning.chat_templates",
        "update learning.chat_messages set content = ''",
        "delete from learning.chat_messages",
        "update learning.synopses set items_json = '[]'",
        "update learning.clients set is_public = false",
        "insert into learning.client_tokens (client_id, slot, token_hash) values (1, 2, '')",
        "select token_sealed from platform.bots",
    ],
)
def test_what_is_not_its_own_is_refused(world: World, statement: str) -> None:
    grants.check_refused(world.connection, "learning_api", statement)
