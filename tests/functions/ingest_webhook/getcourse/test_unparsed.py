"""Body and query together, and what is no delivery at all."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.ingest_webhook.getcourse.world import JSON_TYPE, STORED, UNPARSED, World, answer, new_id
from tests.functions.ingest_webhook.properties import thorough
from tests.helpers import canaries


@pytest.mark.parametrize("how", ["json", "form"])
def test_the_body_wins_over_the_query_and_the_query_fills_in_the_rest(world: World, how: str) -> None:
    answer_id = new_id()
    fields = {"answer_id": answer_id, "answer_text": canaries.ANSWER}
    response = getattr(world, how)(fields, query="user_id=512000001&answer_text=other&answer_status=new&utm=1")
    assert response.json() == STORED
    event = world.event(answer_id)
    assert (event["answer_text"], event["user_id"], event["answer_status"]) == (canaries.ANSWER, "512000001", "new")


@pytest.mark.parametrize("body", ["form", "json", "list"])
def test_what_postgres_cannot_hold_is_replaced_in_the_query_too(world: World, body: str) -> None:
    answer_id = new_id()
    fields: Any = {"answer_id": answer_id, "user_id": "5"}
    how = "form" if body == "form" else "json"
    response = getattr(world, how)([fields] if body == "list" else fields, query="answer_text=a%00b%ED%A0%BDc")
    assert response.json() == STORED
    event = world.event(answer_id)
    assert event["answer_text"].startswith("a\ufffdb")
    assert event["sanitized"]
    assert b"a%00b" in event["raw_body"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", ""),
        (b"   ", "application/json"),
        (b"{", "application/json"),
        (b'{"a":1}{', ""),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b"[1,2", "text/plain"),
        (b"<xml/>", "text/xml"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"{\xff}", "application/json"),
        (b"&&&", ""),
        (b"=", ""),
        (b"hello", "text/plain"),
        (b"%", ""),
        (
            b'--x\r\nContent-Disposition: form-data; name="user_id"\r\n\r\n5\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"[[[1]]]", "application/json"),
        (b'{"answer": {}}', "application/json"),
        (b'{"answer": {"id": "\'\'"}}', "application/json"),
    ],
)
def test_what_cannot_be_parsed_is_stored_with_its_reason_and_answered_200(
    world: World, body: bytes, content_type: str
) -> None:
    response = world.call(content=body, headers={"content-type": content_type} if content_type else {})
    assert (response.status_code, response.json()) == (200, UNPARSED)
    query = "select reason, body from platform.inbox where body = %s"
    assert all(row["reason"] for row in world.connection.execute(query, (body,)).fetchall())
    assert world.connection.execute(query, (body,)).fetchone()


def test_the_same_unparsed_delivery_is_kept_once(world: World) -> None:
    body = {"unknown": new_id()}
    first, second = world.json(body), world.json(body)
    assert first.json() == second.json() == UNPARSED
    query = "select count(*) as n from platform.inbox where body = %s"
    [row] = world.connection.execute(query, (json.dumps(body).encode(),)).fetchall()
    assert row["n"] == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "json",
                    "answer",
                    "eventType",
                    "ts64",
                    "id",
                    "user_id",
                    "answer_id",
                    "deal",
                    "dialog_id",
                    "event_id",
                    "type",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@thorough
@given(content=json_values)
def test_no_json_whatsoever_breaks_the_handler(world: World, content: Any) -> None:
    response = world.call(content=json.dumps(content).encode(), headers=JSON_TYPE)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert sum(response.json().values()) >= 1


@thorough
@given(body=st.binary(max_size=60), query=st.binary(max_size=30))
def test_no_bytes_whatsoever_break_the_handler(world: World, body: bytes, query: bytes) -> None:
    response = world.call(content=body, query=quote_plus(query))
    assert response.status_code in {200, 400}


def test_json_with_a_byte_order_mark_is_parsed(world: World) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(answer(new_id())).encode()

    assert world.call(content=body, headers=JSON_TYPE).json() == STORED


def test_a_multipart_form_is_kept_with_the_true_reason(world: World) -> None:
    content_type = {"content-type": "multipart/form-data; boundary=x"}
    body = f'--x\r\nContent-Disposition: form-data; name="user_id"\r\n\r\n{new_id()}\r\n--x--'.encode()

    assert world.call(content=body, headers=content_type).json() == UNPARSED

    [kept] = world.connection.execute("select reason from platform.inbox order by id desc limit 1").fetchall()
    assert kept["reason"].startswith("a multipart form is not read")
