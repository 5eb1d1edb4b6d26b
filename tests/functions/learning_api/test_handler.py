"""Who gets in, which pages may read the answers, and where there is nothing."""

from typing import Any
from uuid import uuid4

import pytest

from tests.functions.learning_api.conftest import PAGE, World, problem
from tests.helpers import learning

ELSEWHERE = "https://elsewhere.example.com"
SESSION = "/sessions/{session}"
OF_SESSIONS: list[tuple[str, str, Any]] = [
    ("GET", SESSION, None),
    ("PATCH", SESSION, {"activeTab": "practice"}),
    ("GET", f"{SESSION}/messages/chat", None),
    ("POST", f"{SESSION}/messages/chat", {"content": "Что такое ключ?"}),
    ("GET", f"{SESSION}/synopsis", None),
    ("POST", f"{SESSION}/synopsis", {"items": []}),
]
GUARDED = [("GET", "/tracks", None), ("GET", "/tracks/x", None), ("POST", "/sessions", {}), *OF_SESSIONS]


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
def test_without_a_token_that_opens_everybody_gets_the_same_401(
    world: World, method: str, path: str, body: object
) -> None:
    offered = [None, "", "Bearer", "Bearer wrong", f"Basic {world.learner.token}", f"Bearer {world.learner.token}x"]
    where = path.format(session=world.learner.session)
    answers = [world.call(method, where, {"Authorization": header}, json=body) for header in offered]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == "Bearer"


def test_an_ended_token_and_a_disabled_client_get_the_same_401(world: World) -> None:
    wrong = world.call("GET", "/tracks", {"Authorization": "Bearer wrong"})
    world.connection.execute(
        "update learning.client_tokens set valid_to = now() where client_id = %s", (world.learner.client,)
    )
    ended = world.call("GET", "/tracks")
    world.connection.execute("update learning.client_tokens set valid_to = null")
    world.connection.execute("update learning.clients set is_active = false where id = %s", (world.learner.client,))
    off = world.call("GET", "/tracks")

    assert (ended.status_code, ended.text) == (off.status_code, off.text) == (401, wrong.text)


@pytest.mark.parametrize(("method", "path", "body"), OF_SESSIONS)
def test_somebody_else_s_session_is_answered_like_none(world: World, method: str, path: str, body: object) -> None:
    other_device = learning.learner(world.connection, (world.learner.client, world.learner.token))
    other_client = learning.learner(world.connection)
    device = {"X-Device-Id": world.learner.device}
    tried = [
        (str(other_client.session), {}),
        (str(other_client.session), {"X-Device-Id": other_client.device}),
        (str(other_device.session), device),
        (str(uuid4()), {}),
        (str(uuid4()), device),
        ("no-uuid", {}),
        ("no-uuid", device),
        ("%00", {}),
    ]
    answers = [world.call(method, path.format(session=session), headers, json=body) for session, headers in tried]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert problem(answers[0])["detail"] == "There is no such session."
    assert world.count("chat_messages", "thread_id = any(%s)", list(other_client.threads.values())) == 0


@pytest.mark.parametrize(("method", "path", "body"), OF_SESSIONS)
def test_a_public_client_names_its_device(world: World, method: str, path: str, body: object) -> None:
    world.connection.execute("update learning.clients set is_public = true where id = %s", (world.learner.client,))
    where = path.format(session=world.learner.session)
    anonymous = [world.call(method, target, json=body) for target in (where, path.format(session="no-uuid"))]
    named = world.call(method, where, {"X-Device-Id": world.learner.device}, json=body)

    assert [answer.status_code for answer in anonymous] == [422, 422]
    assert anonymous[0].text == anonymous[1].text
    assert "X-Device-Id" in problem(anonymous[0])["detail"]
    assert named.status_code in {200, 201}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/track",
        "/tracks/x/y",
        "/sessions/{session}/messages",
        "/sessions/{session}/messages/notes",
        "//tracks",
        "/tracks/",
        "/tracks//roadmap",
        "/sessions/",
        "/sessions/{session}/",
        "/sessions/{session}/messages/chat/",
        "/openapi.json/",
    ],
)
def test_an_unknown_path_is_the_same_404_with_and_without_a_token(world: World, path: str) -> None:
    where = path.format(session=world.learner.session)
    answers = [world.call("GET", where), world.call("POST", where), world.http.get(where)]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, world.http.get("/nothing").text)}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/tracks", "GET"),
        ("DELETE", "/tracks/x", "GET"),
        ("GET", "/sessions", "POST"),
        ("PUT", "/sessions/{session}", "GET, PATCH"),
        ("DELETE", "/sessions/{session}/messages/chat", "GET, POST"),
        ("PATCH", "/sessions/{session}/synopsis", "GET, POST"),
        ("POST", "/openapi.json", "GET"),
        ("HEAD", "/openapi.json", "GET"),
        ("HEAD", "/tracks", "GET"),
    ],
)
def test_another_method_gets_405_with_the_allowed_ones(world: World, method: str, path: str, allowed: str) -> None:
    answer = world.call(method, path.format(session=world.learner.session))

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_page_of_an_allowed_origin_may_read_answers_and_errors(world: World) -> None:
    answers = [
        world.call("GET", "/tracks", {"Origin": PAGE}),
        world.call("GET", "/tracks", {"Origin": PAGE, "Authorization": "Bearer wrong"}),
        world.call("GET", "/nothing", {"Origin": PAGE}),
        world.call("GET", f"/sessions/{uuid4()}", {"Origin": PAGE}),
        world.call("POST", "/tracks", {"Origin": PAGE}),
        world.call("POST", "/sessions", {"Origin": PAGE}, content=b"{"),
    ]

    assert [answer.status_code for answer in answers] == [200, 401, 404, 404, 405, 400]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {PAGE}
    assert {answer.headers["vary"] for answer in answers} == {"Origin"}
    assert "access-control-allow-credentials" not in answers[0].headers


def test_a_page_of_another_origin_may_not(world: World) -> None:
    for method, path in (("GET", "/tracks"), ("GET", "/nothing"), ("OPTIONS", "/tracks")):
        asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "GET"}
        answer = world.call(method, path, asked)

        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["vary"] == "Origin"


def test_a_preflight_request_needs_no_token(world: World) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = world.http.options(world.mine(), headers=asked)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "idempotency-key", "x-device-id"))
