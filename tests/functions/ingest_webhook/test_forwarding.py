"""What forwarders put around a delivery is taken off."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest_webhook.forwarding import unwrap, without_headers
from functions.ingest_webhook.request import WebhookRequest, read
from tests.functions.ingest_webhook.properties import thorough

Wrap = Callable[[Any], Any]
HEADERS = {"host": "n8n.example", "authorization": "Bearer canary-of-the-forwarder", "cookie": "session=canary"}
INNER = {
    "event": "messages.upsert",
    "instance": "romashka",
    "data": {"key": {"id": "1"}, "text": "Привет \ud83d\ude00"},
}
FIELDS = {"user_id": "512000001", "answer_id": "7", "answer_text": "1+1 & 2"}


def item(**changes: Any) -> dict[str, Any]:
    """What n8n's webhook node makes of a call."""
    made = {"headers": HEADERS, "params": {}, "query": {}, "body": {}}
    return made | {"webhookUrl": "https://n8n.example/webhook/1", "executionMode": "production"} | changes


def sent(content: Any, query: str = "", content_type: str = "application/json") -> WebhookRequest:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return WebhookRequest(query, body, content_type)


def opened(content: Any, query: str = "") -> Any:
    """What is read of it, and nothing of its headers is left."""
    inner = unwrap(sent(content, query))
    assert b"canary" not in inner.body + inner.query_bytes
    return read(inner).content


AROUND: dict[str, Wrap] = {
    "alone": lambda inner: item(body=inner),
    "in_a_list": lambda inner: [item(body=inner)],
    "under_json": lambda inner: {"json": item(body=inner)},
    "under_json_in_a_list": lambda inner: [{"json": item(body=inner), "pairedItem": {"item": 0}, "binary": {}}],
    "forwarded_twice": lambda inner: item(body=item(body=inner)),
    "a_list_as_the_body": lambda inner: item(body=[inner]),
    "as_text": lambda inner: item(body=json.dumps(inner)),
    "an_item_as_text": lambda inner: json.dumps(item(body=inner)),
    "without_headers": lambda inner: {"params": {}, "body": inner},
    "without_params_and_query": lambda inner: {"headers": HEADERS, "body": inner},
    "without_either": lambda inner: {"body": inner, "webhookUrl": "https://x.example", "executionMode": "test"},
    "headers_as_a_list": lambda inner: {"headers": [{"name": "cookie", "value": "canary"}], "body": inner},
    "json_alone": lambda inner: {"json": inner},
}


@pytest.mark.parametrize("wrap", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("inner", [INNER, FIELDS], ids=["envelope", "fields"])
def test_what_is_inside_an_item_is_read_however_it_is_wrapped(wrap: Wrap, inner: Any) -> None:
    assert opened(wrap(inner)) == json.loads(json.dumps(inner))


def test_each_item_of_a_list_is_a_delivery() -> None:
    assert opened([item(body=INNER), FIELDS, {"json": item(query=FIELDS)}, item(body=[1, FIELDS])]) == [
        json.loads(json.dumps(INNER)),
        FIELDS,
        FIELDS,
        1,
        FIELDS,
    ]


def test_where_there_is_no_body_the_fields_are_in_the_query() -> None:
    empty: list[Any] = [{}, "", None, []]
    for nothing in empty:
        assert opened([item(query=FIELDS, body=nothing)]) == FIELDS
    assert opened(item(query=urlencode(FIELDS))) == FIELDS


def test_a_body_that_is_a_form_is_read_as_one() -> None:
    assert opened(item(body=urlencode(FIELDS))) == FIELDS


def test_the_query_of_a_call_stays_beside_its_body() -> None:
    inner = unwrap(sent(item(query={"school": "north", "user_id": "1"}, body=FIELDS), "ours=1"))

    assert read(inner).query_fields == {"ours": "1", "school": "north", "user_id": "1"}
    assert read(inner).content == FIELDS


def test_the_queries_of_several_calls_fill_in_their_bodies() -> None:
    first, second = (item(query={"user_id": n}, body={"answer_id": n}) for n in "12")

    assert opened([first, second]) == [{"user_id": n, "answer_id": n} for n in "12"]


def test_secrets_in_the_query_of_a_call_are_dropped() -> None:
    secrets = {"secret": "canary", "webhook_secret": "canary", "k": "canary-0123456789", "token": "canary"}

    assert opened(item(query={**secrets, **FIELDS})) == FIELDS
    assert opened(item(query={**secrets, "x": 1}, body=FIELDS)) == FIELDS


@pytest.mark.parametrize(
    "content",
    [
        FIELDS,
        [FIELDS, FIELDS],
        {**FIELDS, "headers": {"a": 1}, "body": {"user_id": "2"}},
        {"event": "call", "headers": {}, "params": {}, "body": {}, "data": {}},
        {"metadata": {"messageId": "1"}, "message": "headers", "params": {}},
        {"json": 1},
        {"json": {"user_id": "2"}, "user_id": "1"},
        {"body": FIELDS},
        {"headers": HEADERS},
        "text",
        [],
    ],
)
def test_what_is_no_forwarded_item_is_left_as_it_is(content: Any) -> None:
    request = sent(content)

    assert unwrap(request) is request


def test_an_item_without_contents_is_kept_without_its_headers() -> None:
    request = sent({"headers": HEADERS, "query": {}, "body": None, "queryStringParameters": FIELDS})

    assert json.loads(without_headers(request).body) == {"query": {}, "body": None, "queryStringParameters": FIELDS}


def test_only_forwarded_items_are_kept_otherwise_than_they_came() -> None:
    wrapped = sent({"json": FIELDS})

    assert without_headers(wrapped) is wrapped
    assert json.loads(without_headers(sent({"json": item(body=FIELDS)})).body) == FIELDS


@pytest.mark.parametrize("name", ["payload", "data", "json", "body"])
def test_json_in_the_only_field_of_a_form_is_read(name: str) -> None:
    form = "application/x-www-form-urlencoded"
    request = sent(urlencode({name: json.dumps(FIELDS)}).encode(), content_type=form)
    unescaped = sent(f"{name}={json.dumps(FIELDS)}".encode(), content_type=form)

    assert read(unwrap(request)).content == FIELDS
    assert read(unwrap(unescaped)).content["answer_id"] == "7"


@pytest.mark.parametrize("body", [b"payload=5", b"data={", b"data={}&user_id=1", b"text={}", b'data="x"'])
def test_a_form_with_other_fields_stays_a_form(body: bytes) -> None:
    request = sent(body, content_type="application/x-www-form-urlencoded")

    assert unwrap(request) is request


def test_a_form_field_beside_fields_of_the_address_stays_a_field() -> None:
    request = sent(b"data={}", "user_id=1", "application/x-www-form-urlencoded")

    assert unwrap(request) is request


def test_json_inside_json_text_is_read() -> None:
    assert opened(json.dumps(FIELDS)) == FIELDS
    assert opened(json.dumps(json.dumps([FIELDS]))) == [FIELDS]


@pytest.mark.parametrize("number", ["7" * 5000, "1e999", "-Infinity", "NaN"])
def test_an_absurd_number_inside_an_item_is_refused_as_it_is_outside(number: str) -> None:
    body = json.dumps(item(body={"user_id": "@"})).replace('"@"', number).encode()

    assert json.loads(unwrap(sent(body)).body, parse_constant=float) == {
        "user_id": pytest.approx(float(number), nan_ok=True)
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just('{"body":{}}'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["json", "headers", "params", "query", "body", "binary", "id"]), inner, max_size=5
        )
    ),
    max_leaves=15,
)


@thorough
@given(content=json_values, query=st.sampled_from(["", "a=1"]))
def test_no_json_whatsoever_is_too_much(content: Any, query: str) -> None:
    unwrap(sent(content, query))
    without_headers(sent(content, query))


@thorough
@given(body=st.binary(max_size=80))
def test_no_bytes_whatsoever_are_too_much(body: bytes) -> None:
    unwrap(sent(body))
    unwrap(sent(b'{"headers":{},"body":' + body + b"}"))
