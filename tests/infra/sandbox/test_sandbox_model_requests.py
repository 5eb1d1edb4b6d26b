"""What the model's stand-in refuses, and answers that have a form: schemas, calls of functions, vectors, responses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.sandbox.llm.answering.structured import example

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

ASKED = [{"role": "system", "content": "Price: 6000 tenge."}, {"role": "user", "content": "the price?"}]
SCHEMA = {
    "type": "object",
    "properties": {
        "mood": {"enum": ["good", "bad"]},
        "score": {"type": "integer", "minimum": 3},
        "at": {"type": "string", "format": "date"},
        "next": {"anyOf": [{"$ref": "#/$defs/Step"}, {"type": "null"}]},
    },
    "$defs": {"Step": {"type": "object", "properties": {"done": {"type": "boolean"}, "tags": {"type": "array"}}}},
}
FILLED = {"mood": "good", "score": 3, "at": "2026-01-01", "next": {"done": True, "tags": ["sandbox"]}}
TOOL: Any = {"type": "function", "function": {"name": "find", "parameters": SCHEMA}}


async def asked(client: Client, path: str = "chat/completions", body: object = None, **more: object) -> Any:
    given = {"model": "sandbox"} | ({"messages": ASKED} if path == "chat/completions" else {}) | more
    content = body if isinstance(body, bytes) else json.dumps(given).encode()
    headers = {"Authorization": "Bearer key"}
    answer = await client.http.post(f"/model/v1/{path}", content=content, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("more", "status", "code", "param"),
    [
        ({"temperature": 5}, 400, None, "temperature"),
        ({"n": 0}, 400, None, "n"),
        ({"messages": [{"role": "user"}]}, 400, None, "messages.[0].content"),
        ({"messages": [*ASKED, {"role": "tool", "tool_call_id": "x", "content": "a"}]}, 400, None, "messages.[2].role"),
        ({"messages": [{"role": "user", "content": "a " * 128_001}]}, 400, "context_length_exceeded", "messages"),
        ({"response_format": {"type": "json_object"}}, 400, None, "messages"),
        (
            {"response_format": {"type": "json_schema"}},
            400,
            "missing_required_parameter",
            "response_format.json_schema",
        ),
        ({"tool_choice": "required"}, 400, None, "tool_choice"),
        ({"stop": list("abcde")}, 400, None, "stop"),
        ({"model": "gpt-nobody"}, 404, "model_not_found", None),
        ({"body": b"{"}, 400, None, None),
        ({"path": "moderations"}, 404, None, None),
        ({"path": "responses"}, 400, "missing_required_parameter", "input"),
    ],
)
async def test_a_wrong_request_is_refused(
    client: Client, more: dict[str, Any], status: int, code: str | None, param: str | None
) -> None:
    client.server.model.is_strict = True

    got, body = await asked(client, **more)

    assert (got, body["error"]["code"], body["error"]["param"]) == (status, code, param)
    assert body["error"]["message"]


def test_a_schema_is_filled_the_same_each_time() -> None:
    assert example(SCHEMA) == FILLED
    assert example({"type": "object", "properties": {"again": {"$ref": "#"}}})["again"]["again"]


async def test_answers_have_the_form_that_was_asked_for(client: Client) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}
    _, answer = await asked(client, response_format=form, n=2)
    assert [json.loads(choice["message"]["content"]) for choice in answer["choices"]] == [FILLED, FILLED]

    _, answer = await asked(client, tools=[TOOL], tool_choice="required")
    [choice] = answer["choices"]
    [call] = choice["message"]["tool_calls"]
    assert (choice["finish_reason"], call["function"]["name"]) == ("tool_calls", "find")
    assert json.loads(call["function"]["arguments"]) == FILLED

    _, answer = await asked(client, stop="6000")
    assert answer["choices"][0]["message"]["content"].endswith("Price: ")


async def test_the_responses_api_answers_as_the_completions_do(client: Client) -> None:
    given = {"path": "responses", "instructions": "Price: 6000 tenge."}
    _, plain = await asked(client, **given, input="the price?")
    _, called = await asked(
        client, **given, input=[{"role": "user", "content": "a"}], tools=[{"type": "function"} | TOOL["function"]],
        tool_choice={"type": "function", "name": "find"},
    )  # fmt: skip
    _, cut = await asked(client, **given, input="the price?", max_output_tokens=2)

    assert (plain["status"], "6000" in plain["output"][0]["content"][0]["text"]) == ("completed", True)
    assert (called["output"][0]["type"], called["output"][0]["name"]) == ("function_call", "find")
    assert (cut["status"], cut["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})


async def test_texts_with_the_same_words_are_near_each_other(client: Client) -> None:
    _, answer = await asked(client, path="embeddings", input=["a short haircut", "haircut, short", "the address"])

    first, second, third = (row["embedding"] for row in answer["data"])
    assert _near(first, second) > _near(first, third)


def _near(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
