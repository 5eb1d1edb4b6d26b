"""Who may ask, and what is answered to what cannot be understood."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.functions.agent_reply.conftest import PATHS, WORDS, World
from tests.helpers import canaries, learning


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic wrong"}, {"Authorization": "Bearer"}],
    ids=["none", "wrong", "another scheme", "empty"],
)
def test_a_caller_without_a_token_gets_one_constant_answer(world: World, header: dict[str, str]) -> None:
    response = world.http.post(PATHS["chat"], json={"user_message": WORDS}, headers=header)
    nonsense = world.http.post(PATHS["chat"], content=b"{", headers=header)

    assert response.status_code == nonsense.status_code == 401
    assert response.text == nonsense.text
    assert response.headers["www-authenticate"] == "Bearer"
    assert world.asked() == []


@pytest.mark.parametrize("change", ["valid_to = now()", "token_hash = sha256('other')"], ids=["expired", "replaced"])
def test_a_token_that_is_no_longer_valid_is_refused(world: World, change: str) -> None:
    update = f"update learning.client_tokens set {change} where client_id = %s"
    world.connection.execute(update.encode(), (world.learner.client,))

    assert world.ask().status_code == 401


def test_a_client_that_was_switched_off_is_refused(world: World) -> None:
    world.connection.execute("update learning.clients set is_active = false where id = %s", (world.learner.client,))

    assert world.ask().status_code == 401


@pytest.mark.parametrize("effects", [True, False])
def test_a_session_of_somebody_else_is_not_there(world: World, effects: bool) -> None:  # noqa: FBT001
    other = learning.learner(world.connection)

    theirs = world.ask(session_id=str(other.session), apply_side_effects=effects)
    unknown = world.ask(session_id=str(uuid4()), apply_side_effects=effects)

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.text == unknown.text
    assert world.asked() == []
    assert learning.messages(world.connection, other.threads["chat"]) == []


def test_a_session_of_another_device_is_not_there(world: World) -> None:
    theirs = world.ask(headers={"X-Device-Id": "device-of-somebody"})
    unknown = world.ask(headers={"X-Device-Id": "device-of-somebody"}, session_id=str(uuid4()))

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.text == unknown.text
    assert world.ask(headers={"X-Device-Id": world.learner.device}).status_code == 200


@pytest.mark.parametrize("device", ["", "×ø", "x" * 201], ids=["empty", "not ASCII", "too long"])
@pytest.mark.parametrize("session", [True, False])
def test_a_device_that_can_be_none_is_refused(world: World, device: str, session: bool) -> None:  # noqa: FBT001
    body: dict[str, Any] = {} if session else {"session_id": ...}
    headers: Any = {"X-Device-Id": device.encode()}

    assert world.ask(headers=headers, **body).status_code == 422


def test_a_public_client_has_to_name_the_device(world: World) -> None:
    world.learner = learning.learner(world.connection, is_public=True)

    assert world.ask().status_code == 422
    assert world.ask(session_id=str(uuid4())).status_code == 422
    assert world.ask(headers={"X-Device-Id": world.learner.device}).status_code == 200


BAD = {
    "not JSON": (b"{", 400, "JSON"),
    "half a character": (b'{"user_message": "\\ud800"}', 400, "JSON"),
    "not UTF-8": (b'{"user_message": "\xff"}', 400, "JSON"),
    "no object": (b"[]", 422, "The body is no object."),
    "no message": (b"{}", 422, "user_message is missing."),
    "no text": (b'{"user_message": 1}', 422, "user_message is no text."),
    "empty": (b'{"user_message": ""}', 422, "user_message is empty."),
    "too long": (json.dumps({"user_message": "x" * 16_001}).encode(), 422, "more than 16000 characters"),
    "no UUID": (b'{"user_message": "x", "session_id": "1"}', 422, "session_id is no UUID."),
    "no truth": (b'{"user_message": "x", "apply_side_effects": "yes"}', 422, "neither true nor false"),
    "no memory": (b'{"user_message": "x", "memory": "redis"}', 422, "'backend' or 'inmem'"),
    "deep context": (b'{"user_message": "x", "context": {"a": {}}}', 422, "context"),
    "bottomless": (b'{"user_message": "x", "context": ' + b"[" * 50_000, 400, "JSON"),
    "endless number": (b'{"user_message": "x", "context": {"a": ' + b"9" * 5000 + b"}}", 400, "JSON"),
    "no name": (b'{"user_message": "x", "context": {"a\\nb": "c"}}', 422, "context"),
    "no number": (b'{"user_message": "x", "context": {"a": 1e999}}', 422, "context"),
    "no reply": (b'{"user_message": "x", "reply": ""}', 422, "reply"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_problem_names_the_field_that_is_wrong(world: World, case: str) -> None:
    body, status, words = BAD[case]
    response = world.http.post(
        PATHS["chat"], content=body, headers=world.learner.headers | {"Content-Type": "application/json"}
    )

    assert response.status_code == status
    assert words in response.json()["detail"]
    assert world.asked() == []


def test_nothing_that_came_in_is_repeated(world: World) -> None:
    secret = canaries.LEARNER_WORDS
    wrong: list[dict[str, Any]] = [
        {"session_id": secret},
        {"memory": secret},
        {"context": {secret: {}}},
        {"context": {"a": [secret]}},
        {"reply": [secret]},
    ]

    for body in wrong:
        response = world.ask(user_message=secret, **body) if "session_id" in body else world.ask(**body)
        assert response.status_code == 422
        assert secret not in response.text


def test_a_body_may_not_be_endless(world: World) -> None:
    assert world.ask(user_message="x", other="y" * 1_100_000).status_code == 413


def test_fields_that_nobody_knows_are_ignored(world: World) -> None:
    assert world.ask(temperature=0.5, model="any").status_code == 200


def test_only_json_is_read(world: World) -> None:
    response = world.http.post(PATHS["chat"], data={"user_message": "x"}, headers=world.learner.headers)

    assert response.status_code == 415


@pytest.mark.parametrize("path", ["/", "/agents/mentor_chat/v2/reply", "/agents/mentor_chat/v1/hint", "/admin"])
def test_other_paths_are_not_there(world: World, path: str) -> None:
    response = world.http.post(path, json={"user_message": "x"}, headers=world.learner.headers)

    assert response.status_code == 404


def test_other_methods_than_post_get_405(world: World) -> None:
    response = world.http.get(PATHS["chat"], headers=world.learner.headers)

    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("letter", ["я", "\N{BELL}"], ids=["Cyrillic", "a pair"])
@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "as it is"])
def test_the_longest_texts_are_taken_however_they_are_written(world: World, letter: str, escaped: bool) -> None:  # noqa: FBT001
    body = {"user_message": letter * 16_000, "reply": letter * 64_000}
    sent = json.dumps(body, ensure_ascii=escaped).encode()
    headers = world.learner.headers | {"Content-Type": "application/json"}

    response = world.http.post(PATHS["chat"], content=sent, headers=headers)

    assert response.status_code == 200
    assert response.json()["message"] == letter * 64_000


ORIGIN = {"Origin": "https://app.example.com"}


def test_a_page_of_an_allowed_origin_may_ask(world: World) -> None:
    asks = ORIGIN | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

    before = world.http.options(PATHS["chat"], headers=asks)
    answer = world.ask(headers=ORIGIN)
    refused = world.http.post(PATHS["chat"], json={}, headers=ORIGIN)

    assert before.status_code == 204
    assert "Authorization" in before.headers["access-control-allow-headers"]
    assert {response.headers["access-control-allow-origin"] for response in (before, answer, refused)} == set(
        ORIGIN.values()
    )


def test_a_page_of_another_origin_may_not(world: World) -> None:
    foreign = {"Origin": "https://evil.example.com", "Access-Control-Request-Method": "POST"}

    assert "access-control-allow-origin" not in world.http.options(PATHS["chat"], headers=foreign).headers
    assert "access-control-allow-origin" not in world.ask(headers=foreign).headers
