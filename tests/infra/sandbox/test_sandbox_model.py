"""The language model's stand-in: OpenAI's own client understands it, and it says the same every time."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest

from infra.sandbox.llm.state import Model
from infra.sandbox.server import SandboxServer
from tests.infra.sandbox.conftest import Client

KEY = "model-key-of-this-test"
ASK = "/model/v1/chat/completions"
SALON = """Ты администратор салона, отвечай коротко.
- Цены: стрижка 6000 ₸, окрашивание 15000 ₸
- Адрес: улица Абая, 10
Клиент может спросить о чём угодно."""


@pytest.fixture
def model(server: SandboxServer) -> Model:
    return server.model


@pytest.fixture
async def official(server: SandboxServer) -> AsyncIterator[openai.AsyncOpenAI]:
    """The real client, which tries once unless told otherwise."""
    web = openai.DefaultAsyncHttpxClient(trust_env=False)
    address = f"{server.url}/model/v1"
    async with openai.AsyncOpenAI(api_key=KEY, base_url=address, max_retries=0, http_client=web, timeout=60) as client:
        yield client


def asking(question: str, system: str = SALON) -> list[Any]:
    return [{"role": "system", "content": system}, {"role": "user", "content": question}]


async def post(client: Client, body: Any) -> httpx.Response:
    """A question without a library."""
    return await client.http.post(ASK, json=body, headers={"Authorization": f"Bearer {KEY}"})


async def say(client: Client, question: str, system: str = SALON, **more: Any) -> Any:
    return (await post(client, {"model": "any", "messages": asking(question, system), **more})).json()


async def test_the_real_client_gets_a_completion(official: openai.AsyncOpenAI) -> None:
    answer = await official.chat.completions.create(model="any", messages=asking("Сколько стоит стрижка?"))

    assert answer.choices[0].message.content == "С удовольствием подскажу. Цены: стрижка 6000 ₸, окрашивание 15000 ₸"
    assert (answer.choices[0].finish_reason, answer.object, answer.model) == ("stop", "chat.completion", "any")
    assert answer.usage
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (27, 10, 37)


@pytest.mark.parametrize("counted", [True, False])
async def test_the_real_client_gets_the_same_in_pieces(official: openai.AsyncOpenAI, *, counted: bool) -> None:
    messages = asking("Сколько стоит стрижка?")
    whole = await official.chat.completions.create(model="any", messages=messages)
    stream = await official.chat.completions.create(
        model="any", messages=messages, stream=True, stream_options={"include_usage": counted}
    )
    chunks = [chunk async for chunk in stream]

    choices = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == whole.choices[0].message.content
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ["stop"]
    assert len(chunks) > 5
    assert [chunk.usage for chunk in chunks if chunk.usage] == ([whole.usage] if counted else [])
    assert (chunks[-1].choices == []) is counted


async def test_a_stream_ends_with_the_word_done(client: Client) -> None:
    answer = await post(client, {"model": "any", "messages": asking("Где?"), "stream": True})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.endswith("\n\ndata: [DONE]\n\n")


async def test_the_real_client_lists_the_models(official: openai.AsyncOpenAI) -> None:
    assert [model.id async for model in official.models.list()] == ["sandbox"]


@pytest.mark.parametrize(
    ("fault", "raised", "code"),
    [
        ({"does": "limit", "seconds": 90}, openai.RateLimitError, "rate_limit_exceeded"),
        ({"does": "quota"}, openai.RateLimitError, "insufficient_quota"),
        ({"does": "status"}, openai.InternalServerError, None),
        ({"does": "status", "status": 403}, openai.PermissionDeniedError, None),
    ],
)
async def test_the_real_client_knows_its_errors(
    official: openai.AsyncOpenAI, model: Model, fault: dict[str, Any], raised: type[openai.APIStatusError], code: str
) -> None:
    model.fail(**fault)
    with pytest.raises(raised) as caught:
        await official.chat.completions.create(model="any", messages=asking("Где?"))

    assert caught.value.code == code
    again = await official.chat.completions.create(model="any", messages=asking("Где?"))
    assert again.choices, "it is used up"


@pytest.mark.parametrize(("does", "raised"), [("hang", openai.APITimeoutError), ("drop", openai.APIConnectionError)])
async def test_no_answer_is_an_error_of_the_connection(
    official: openai.AsyncOpenAI, model: Model, does: str, raised: type[openai.OpenAIError]
) -> None:
    model.fail(does=does)
    with pytest.raises(raised):
        await official.with_options(timeout=0.5).chat.completions.create(model="any", messages=asking("Где?"))

    [row] = model.journal
    assert (row["fault"], row["status"], row["answer"]) == (does, None, None)


async def test_a_pause_that_is_asked_for_is_one_that_the_real_client_keeps(
    official: openai.AsyncOpenAI, model: Model
) -> None:
    model.fail(does="limit", seconds=1)
    started = time.monotonic()
    await official.with_options(max_retries=1).chat.completions.create(model="any", messages=asking("Где?"))

    assert time.monotonic() - started >= 1
    assert [row["status"] for row in model.journal] == [429, 200]


async def test_the_last_words_of_the_person_count_and_may_come_in_parts(client: Client, model: Model) -> None:
    parts = [{"type": "text", "text": "Напомните"}, {"type": "text", "text": "адрес"}]
    messages = [*asking("Сколько стоит стрижка?"), {"role": "user", "content": parts}]
    messages.append({"role": "assistant", "content": None})
    await post(client, {"model": "any", "messages": messages})

    assert "Абая" in model.journal[-1]["answer"]


async def test_the_same_question_gets_the_same_answer(client: Client) -> None:
    first, second = [await say(client, "Напомните адрес") for _ in range(2)]

    assert first["choices"] == second["choices"]
    assert first["usage"] == second["usage"]
    assert first["id"] != second["id"]


async def test_it_says_no_more_than_it_may(client: Client) -> None:
    answer = await say(client, "Напомните адрес", max_tokens=3)

    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["choices"][0]["message"]["content"] == "С удовольствием подскажу."
    assert answer["usage"]["completion_tokens"] == 3


async def test_whoever_brings_no_key_is_refused(client: Client) -> None:
    asked = await client.http.post(ASK, json={"model": "any", "messages": asking("Где?")})
    listed = await client.http.get("/model/v1/models", headers={"Authorization": f"Basic {KEY}"})

    assert (asked.status_code, listed.status_code) == (401, 401)
    assert set(asked.json()["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": asking("Где?")}, "model"),
        ({"model": "any", "messages": []}, "messages"),
        ({"model": "any", "messages": [{"role": "wizard", "content": "Где?"}]}, "messages.0.role"),
        ({"model": "any", "messages": asking("Где?"), "response_format": {"type": "json_object"}}, "messages"),
        ([], None),
    ],
)
async def test_what_the_api_would_not_take_is_a_bad_request(client: Client, body: Any, param: str | None) -> None:
    answer = await post(client, body)

    assert answer.status_code == 400
    assert (answer.json()["error"]["type"], answer.json()["error"]["param"]) == ("invalid_request_error", param)


async def test_the_journal_has_the_questions_and_not_the_key(client: Client) -> None:
    await say(client, "Напомните адрес")
    await say(client, "Сколько стоит стрижка?")
    first, second = (await client.http.get("/_sandbox/model/journal")).json()
    later = (await client.http.get("/_sandbox/model/journal", params={"since": first["n"]})).json()

    assert first["asked"] == {"model": "any", "messages": asking("Напомните адрес")}
    assert (first["status"], first["fault"], "Абая" in first["answer"]) == (200, None, True)
    assert later == [second]
    assert KEY not in str([first, second])
    assert (await client.http.get("/_sandbox/model/journal", params={"since": "x"})).status_code == 422


async def test_a_question_under_way_is_in_the_journal(official: openai.AsyncOpenAI, client: Client) -> None:
    await client.control("model/latency", seconds=30)
    with pytest.raises(openai.APITimeoutError):
        await official.with_options(timeout=0.3).chat.completions.create(model="any", messages=asking("Где?"))

    [row] = (await client.http.get("/_sandbox/model/journal")).json()
    assert (row["status"], row["answer"]) == (None, None)


async def test_an_answer_takes_as_long_as_was_asked_for(client: Client) -> None:
    await client.control("model/latency", seconds=0.3)
    started = time.monotonic()

    assert "choices" in await say(client, "Где?")
    assert time.monotonic() - started >= 0.3


async def test_faults_are_armed_and_taken_back_over_http(client: Client) -> None:
    armed = await client.http.post("/_sandbox/model/faults", json={"does": "quota", "times": 2})
    refused = await say(client, "Где?")
    left = (await client.http.get("/_sandbox/model/faults")).json()
    await client.http.delete("/_sandbox/model/faults")

    assert armed.json()[0]["times"] == 2
    assert refused["error"]["code"] == "insufficient_quota"
    assert [fault["times"] for fault in left] == [1]
    assert "choices" in await say(client, "Где?")


@pytest.mark.parametrize("body", [{"does": "explode"}, {"does": "hang", "times": 0}, {"does": "hang", "typo": 1}])
async def test_a_fault_that_nobody_knows_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert (await client.http.post("/_sandbox/model/faults", json=body)).status_code == 422
