"""The stand-in for a language model, called by openai."""

from __future__ import annotations

import json
from typing import Any

import openai
from cases import URL, expect, run, steer
from pydantic import BaseModel

ASKED: Any = [
    {"role": "system", "content": "Answer from the facts.\nPrice: a haircut costs 6000 tenge."},
    {"role": "user", "content": "What is the price of a haircut?"},
]
TOOL: Any = {
    "type": "function",
    "function": {
        "name": "find_slot",
        "parameters": {
            "type": "object",
            "properties": {"day": {"type": "string"}, "hours": {"type": "integer"}},
            "required": ["day", "hours"],
            "additionalProperties": False,
        },
    },
}


class Answer(BaseModel):
    mood: str
    score: int
    tags: list[str]


def client(key: str = "sk-sandbox", retries: int = 0) -> Any:
    return openai.AsyncOpenAI(api_key=key, base_url=f"{URL}/model/v1", max_retries=retries)


async def ask(**more: Any) -> Any:
    async with client() as api:
        return await api.chat.completions.create(**({"model": "sandbox", "messages": ASKED} | more))


async def refused(error: type[Exception], **more: Any) -> Any:
    try:
        await ask(**more)
    except error as found:
        return found
    raise AssertionError(f"no {error.__name__}")


class Cases:
    async def completion(self) -> None:
        answer = await ask()
        expect("6000" in answer.choices[0].message.content and answer.usage.total_tokens > 0)
        expect(answer.choices[0].finish_reason == "stop")

    async def request_id(self) -> None:
        expect((await ask())._request_id)

    async def rate_headers(self) -> None:
        async with client() as api:
            raw = await api.chat.completions.with_raw_response.create(model="sandbox", messages=ASKED)
        expect(raw.headers.get("x-ratelimit-remaining-requests"))

    async def stream(self) -> None:
        text, usage = "", None
        async for chunk in await ask(stream=True, stream_options={"include_usage": True}):
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            usage = chunk.usage or usage
        expect("6000" in text and usage is not None)

    async def max_tokens(self) -> None:
        expect((await ask(max_tokens=2)).choices[0].finish_reason == "length")

    async def several_choices(self) -> None:
        expect(len((await ask(n=3)).choices) == 3)

    async def stop_words(self) -> None:
        expect("haircut" not in (await ask(stop=["haircut"])).choices[0].message.content)

    async def json_object(self) -> None:
        messages = [{"role": "user", "content": "answer in json: the price"}]
        answer = await ask(messages=messages, response_format={"type": "json_object"})
        expect(isinstance(json.loads(answer.choices[0].message.content), dict))

    async def json_object_without_the_word(self) -> None:
        await refused(openai.BadRequestError, response_format={"type": "json_object"})

    async def json_schema(self) -> None:
        schema = {
            "name": "answer",
            "strict": True,
            "schema": Answer.model_json_schema() | {"additionalProperties": False},
        }
        answer = await ask(response_format={"type": "json_schema", "json_schema": schema})
        Answer.model_validate_json(answer.choices[0].message.content)

    async def parsed(self) -> None:
        async with client() as api:
            answer = await api.chat.completions.parse(model="sandbox", messages=ASKED, response_format=Answer)
        expect(isinstance(answer.choices[0].message.parsed, Answer))

    async def schema_without_a_name(self) -> None:
        await refused(openai.BadRequestError, response_format={"type": "json_schema", "json_schema": {"schema": {}}})

    async def tool_required(self) -> None:
        answer = await ask(tools=[TOOL], tool_choice="required")
        call = answer.choices[0].message.tool_calls[0]
        expect(answer.choices[0].finish_reason == "tool_calls" and call.function.name == "find_slot")
        expect(set(json.loads(call.function.arguments)) == {"day", "hours"})

    async def tool_named(self) -> None:
        answer = await ask(tools=[TOOL], tool_choice={"type": "function", "function": {"name": "find_slot"}})
        expect(answer.choices[0].message.tool_calls and answer.choices[0].finish_reason == "stop")

    async def tool_none(self) -> None:
        expect(not (await ask(tools=[TOOL], tool_choice="none")).choices[0].message.tool_calls)

    async def tool_streamed(self) -> None:
        name, arguments = "", ""
        async for chunk in await ask(tools=[TOOL], tool_choice="required", stream=True):
            for call in chunk.choices[0].delta.tool_calls or []:
                name, arguments = name + (call.function.name or ""), arguments + (call.function.arguments or "")
        expect(name == "find_slot" and json.loads(arguments))

    async def tool_result(self) -> None:
        call = (await ask(tools=[TOOL], tool_choice="required")).choices[0].message.tool_calls[0]
        asked = [
            *ASKED,
            {"role": "assistant", "tool_calls": [call.model_dump()]},
            {"role": "tool", "tool_call_id": call.id, "content": "free at ten"},
        ]
        expect((await ask(messages=asked, tools=[TOOL])).choices[0].message.content)

    async def tool_message_without_a_call(self) -> None:
        await refused(openai.BadRequestError, messages=[*ASKED, {"role": "tool", "tool_call_id": "x", "content": "a"}])

    async def tool_choice_without_tools(self) -> None:
        await refused(openai.BadRequestError, tool_choice="required")

    async def unknown_model(self) -> None:
        error = await refused(openai.NotFoundError, model="gpt-nobody")
        expect(error.code == "model_not_found", error.code)

    async def context_length(self) -> None:
        error = await refused(openai.BadRequestError, messages=[{"role": "user", "content": "word " * 200_000}])
        expect(error.code == "context_length_exceeded", error.code)

    async def temperature(self) -> None:
        expect((await refused(openai.BadRequestError, temperature=5)).param == "temperature")

    async def max_tokens_of_nothing(self) -> None:
        await refused(openai.BadRequestError, max_tokens=0)

    async def user_without_words(self) -> None:
        await refused(openai.BadRequestError, messages=[{"role": "user"}])

    async def no_messages(self) -> None:
        await refused(openai.BadRequestError, messages=[])

    async def unknown_role(self) -> None:
        await refused(openai.BadRequestError, messages=[{"role": "wizard", "content": "a"}])

    async def max_tokens_of_a_new_model(self) -> None:
        error = await refused(openai.BadRequestError, model="sandbox-new", max_tokens=5)
        expect(error.code == "unsupported_parameter")

    async def picture(self) -> None:
        parts = [
            {"type": "text", "text": "price?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
        ]
        expect((await ask(messages=[ASKED[0], {"role": "user", "content": parts}])).choices[0].message.content)

    async def models(self) -> None:
        async with client() as api:
            names = [model.id async for model in await api.models.list()]
            expect((await api.models.retrieve(names[0])).id == names[0])

    async def responses(self) -> None:
        async with client() as api:
            answer = await api.responses.create(model="sandbox", instructions="Price: 6000 tenge.", input="the price?")
        expect("6000" in answer.output_text and answer.status == "completed")

    async def responses_streamed(self) -> None:
        text, last = "", ""
        async with client() as api:
            events = await api.responses.create(model="sandbox", input="the price?", stream=True)
            async for event in events:
                text += event.delta if event.type == "response.output_text.delta" else ""
                last = event.type
        expect(text and last == "response.completed", last)

    async def responses_of_a_schema(self) -> None:
        async with client() as api:
            answer = await api.responses.parse(model="sandbox", input="the price?", text_format=Answer)
        expect(isinstance(answer.output_parsed, Answer))

    async def responses_with_a_tool(self) -> None:
        tool = {"type": "function", "strict": True} | TOOL["function"]
        async with client() as api:
            answer = await api.responses.create(model="sandbox", input="a slot", tools=[tool], tool_choice="required")
        expect(answer.output[0].type == "function_call" and json.loads(answer.output[0].arguments))

    async def embeddings(self) -> None:
        async with client() as api:
            answer = await api.embeddings.create(model="sandbox", input=["a", "b"], encoding_format="float")
        expect(len(answer.data) == 2 and len(answer.data[0].embedding) > 1)

    async def unknown_path(self) -> None:
        async with client() as api:
            try:
                await api.moderations.create(input="a")
            except openai.NotFoundError as error:
                expect(isinstance(error.body, dict), error.body)
                return
        raise AssertionError("no refusal")

    async def rate_limit(self) -> None:
        steer("model/faults", does="limit", seconds=1)
        expect((await refused(openai.RateLimitError)).code == "rate_limit_exceeded")

    async def quota(self) -> None:
        steer("model/faults", does="quota")
        expect((await refused(openai.RateLimitError)).code == "insufficient_quota")

    async def server_error(self) -> None:
        steer("model/faults", does="status", status=503)
        await refused(openai.InternalServerError)

    async def dropped(self) -> None:
        steer("model/faults", does="drop")
        await refused(openai.APIConnectionError)

    async def retried(self) -> None:
        steer("model/faults", does="status", status=500)
        async with client(retries=1) as api:
            expect((await api.chat.completions.create(model="sandbox", messages=ASKED)).choices)

    async def filtered(self) -> None:
        steer("model/faults", does="filter")
        expect((await ask()).choices[0].finish_reason == "content_filter")

    async def broken_stream(self) -> None:
        steer("model/faults", does="break")
        try:
            async for _ in await ask(stream=True):
                pass
        except (openai.APIConnectionError, openai.APIError, Exception):  # noqa: BLE001 - httpx's own, by version
            return
        raise AssertionError("no error")


run(Cases())
