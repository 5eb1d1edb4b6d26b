"""Bytes that no honest sender makes."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.functions.ingest_webhook.getcourse.world import (
    JSON_TYPE,
    MAX_BYTES,
    STORED,
    World,
    answer,
    new_id,
)


@pytest.mark.parametrize(
    "body",
    [
        b'{"answer_id":"@","user_id":"5","answer_text":"a\\u0000b"}',
        b'{"answer_id":"@","user_id":"5","answer_text":"a\\ud83db"}',
        b'{"answer_id":"@","user_id":"5","answer_text":"a\\udc00b"}',
        b'{"answer_id":"@","user_id":"5","answer_text":"a\xed\xa0\xbdb"}',
        b'{"answer":{"id":"@","user_id":5,"text":"a\\ud800b"},"eventType":"getcourse/lessonAnswerCreated"}',
    ],
    ids=["nul", "high_surrogate", "low_surrogate", "surrogate_in_bytes", "subscription"],
)
def test_what_postgres_cannot_hold_is_replaced_and_the_bytes_are_kept(world: World, body: bytes) -> None:
    answer_id = new_id()
    body = body.replace(b"@", answer_id.encode())
    response = world.call(content=body, headers=JSON_TYPE)
    assert (response.status_code, response.json()) == (200, STORED)
    event = world.event(answer_id)
    assert event["answer_text"] == "a\ufffdb"
    assert event["sanitized"]
    assert event["raw_body"] == body


@pytest.mark.parametrize("name", ["\\u0000", "\\ud83d", "x\\u0000y"])
def test_what_postgres_cannot_hold_is_replaced_in_the_name_of_a_field_too(world: World, name: str) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"{answer_id}","user_id":"5","{name}":{{"{name}":["{name}"]}}}}'.encode()
    assert world.call(content=body, headers=JSON_TYPE).json() == STORED
    assert world.event(answer_id)["sanitized"]


@pytest.mark.parametrize("text", ["a%00b", "a\x00b", "a%ED%A0%BDb"])
@pytest.mark.parametrize("where", ["query", "form"])
def test_what_postgres_cannot_hold_is_replaced_in_queries_and_forms_too(world: World, where: str, text: str) -> None:
    answer_id = new_id()
    fields = f"answer_id={answer_id}&user_id=5&answer_text={text}"
    response = world.form(fields) if where == "form" else world.call("GET", query=fields.replace("\x00", "%00"))
    assert response.json() == STORED
    stored = world.event(answer_id)["answer_text"]
    assert stored.startswith("a\ufffd")
    assert stored.endswith("b")


def test_whole_pairs_of_surrogates_are_letters_like_any_other(world: World) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"{answer_id}","user_id":"5","answer_text":"\\ud83d\\ude00 한글"}}'.encode()
    assert world.call(content=body, headers=JSON_TYPE).json() == STORED
    event = world.event(answer_id)
    assert event["answer_text"] == "😀 한글"
    assert not event["sanitized"]


def test_of_two_fields_with_one_name_the_last_wins_and_the_bytes_are_kept(world: World) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"1","user_id":1,"answer_text":"a","answer_id":"{answer_id}","user_id":2}}'.encode()
    assert world.call(content=body, headers=JSON_TYPE).json() == STORED
    event = world.event(answer_id)
    assert (event["user_id"], event["raw_payload"]["user_id"]) == ("2", 2)
    assert event["raw_body"] == body
    second = new_id()
    assert world.form(f"answer_id=1&user_id=1&answer_id={second}&user_id=2").json() == STORED
    assert world.event(second)["user_id"] == "2"


@pytest.mark.parametrize(
    "number",
    [
        str(2**63),
        str(-(2**63)),
        "7" * 400,
        "7" * 5000,
        "1e400",
        "-1e999",
        "NaN",
        "Infinity",
        "-Infinity",
    ],
    ids=["2^63", "-2^63", "400_digits", "5000_digits", "1e400", "-1e999", "nan", "infinity", "-infinity"],
)
def test_an_absurd_number_is_400_and_kept(world: World, number: str) -> None:
    body = f'{{"answer_id":"{new_id()}","user_id":{number}}}'.encode()
    response = world.call(content=body, headers=JSON_TYPE)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "detail"}
    assert number not in response.text
    assert world.unparsed(response)["body"] == body


@pytest.mark.parametrize("number", [str(2**63), "7" * 400, "1e300", "-0.0", "1e-400", "0.1e-5"])
def test_a_big_number_in_a_field_that_is_not_read_is_stored(world: World, number: str) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"{answer_id}","user_id":5,"cost":{number}}}'.encode()
    assert world.call(content=body, headers=JSON_TYPE).json() == STORED


def test_the_biggest_id_that_fits_is_an_id(world: World) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id, user_id=2**63 - 1)).json() == STORED
    assert world.event(answer_id)["user_id"] == str(2**63 - 1)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"json":' * 25_000 + b"1" + b"}" * 25_000,
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 70 + b"1" + b"}" * 70,
    ],
    ids=["unclosed", "lists", "envelopes", "just_too_deep", "objects"],
)
def test_bottomless_nesting_is_400_and_kept(world: World, body: bytes) -> None:
    response = world.call(content=body, headers=JSON_TYPE)
    assert (response.status_code, response.json()["detail"]) == (400, "the body is nested too deeply")
    assert world.unparsed(response)["body"] == body


def test_many_brackets_side_by_side_are_not_deep(world: World) -> None:
    answer_id = new_id()
    assert (
        world.json(answer(answer_id, questionary=[[{}] for _ in range(5000)], answer_text="[" * 500)).json() == STORED
    )


def chunks(size: int) -> Iterator[bytes]:
    """`size` bytes without a Content-Length."""
    for _ in range(size // 50_000):
        yield b"x" * 50_000


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (MAX_BYTES + 1),
        b"x" * 1_000_000,
        b"x" * 40_000_000,
        lambda: chunks(1_000_000),
        lambda: chunks(40_000_000),
    ],
    ids=["just_over", "1_MB", "40_MB", "1_MB_chunked", "40_MB_chunked"],
)
def test_a_body_over_the_limit_is_413_and_leaves_nothing(world: World, content: Any) -> None:
    before = world.count("platform.inbox")
    try:
        response = world.call(content=content() if callable(content) else content)
    except (httpx.WriteError, httpx.ReadError):  # the answer came before the body had gone out, and the line was cut
        pass
    else:
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
        assert str(MAX_BYTES) in response.json()["detail"]
    assert world.count("platform.inbox") == before
    assert world.json(answer(new_id())).json() == STORED


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_just_the_limit_is_read(world: World, *, chunked: bool) -> None:
    answer_id = new_id()
    payload = answer(answer_id, answer_text="")
    payload["answer_text"] = "я" * ((MAX_BYTES - len(json.dumps(payload, ensure_ascii=False).encode())) // 2)
    body = json.dumps(payload, ensure_ascii=False).encode()
    assert MAX_BYTES - 1 <= len(body) <= MAX_BYTES
    content = iter([body[:1000], body[1000:]]) if chunked else body
    assert world.call(content=content, headers=JSON_TYPE).json() == STORED
    assert world.event(answer_id)["answer_text"] == payload["answer_text"]


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "identity, gzip", "x"])
def test_a_compressed_body_is_415(world: World, encoding: str) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    response = world.call(content=bomb, headers={**JSON_TYPE, "content-encoding": encoding})
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/problem+json"


def test_identity_is_no_compression(world: World) -> None:
    response = world.call(
        content=json.dumps(answer(new_id())).encode(), headers={**JSON_TYPE, "content-encoding": "Identity"}
    )
    assert response.json() == STORED
