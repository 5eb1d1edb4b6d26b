"""The Responses API: the same questions and answers in its own shapes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field

from infra.sandbox.llm.completion import Reply, arguments, event, words

Json = dict[str, Any]
_ROLES = ("system", "developer", "user", "assistant")


class Request(BaseModel):
    """A request for a response."""

    model: str = Field(min_length=1)
    input: str | list[Json]
    instructions: str | None = None
    max_output_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    stream: bool = False
    text: Json = {}
    tools: list[Json] = []
    tool_choice: str | Json | None = None

    def as_question(self) -> Json:
        """The same for the chat completions, which check it."""
        items = [{"role": "user", "content": self.input}] if isinstance(self.input, str) else self.input
        messages = [message for item in items if (message := _message(item))]
        if self.instructions:
            messages.insert(0, {"role": "system", "content": self.instructions})
        asked: Json = {"model": self.model, "messages": messages, "max_completion_tokens": self.max_output_tokens}
        asked |= {"temperature": self.temperature, "top_p": self.top_p, "tool_choice": self._choice()}
        functions = [tool for tool in self.tools if tool.get("type") == "function"]
        asked["tools"] = [{"type": "function", "function": tool} for tool in functions]
        wanted = self.text.get("format") or {"type": "text"}
        schema = {"json_schema": wanted} if wanted.get("type") == "json_schema" else {}
        return asked | {"response_format": {"type": wanted.get("type")} | schema}

    def _choice(self) -> Any:
        if isinstance(self.tool_choice, dict):
            return {"type": "function", "function": {"name": self.tool_choice.get("name", "")}}
        return self.tool_choice


def whole(reply: Reply, request: Request) -> Json:
    """The Response object."""
    usage = reply.usage
    is_cut = reply.finish == "length"
    return _headed(reply, request) | {
        "status": "incomplete" if is_cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
        "output": [_item(reply)],
        "usage": {
            "input_tokens": usage["prompt_tokens"],
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": usage["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": usage["total_tokens"],
        },
    }


def pieces(reply: Reply, request: Request) -> Iterator[bytes]:
    """The response as server-sent events, numbered."""
    for number, (name, content) in enumerate(_events(reply, request)):
        yield event({"type": name, "sequence_number": number} | content, name)


def _events(reply: Reply, request: Request) -> Iterator[tuple[str, Json]]:
    begun = _headed(reply, request) | {"status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    item = _item(reply)
    place = {"item_id": item["id"], "output_index": 0}
    empty: Json = {"arguments": ""} if reply.function else {"content": []}
    yield "response.output_item.added", {"output_index": 0, "item": item | empty | {"status": "in_progress"}}
    if reply.function:
        yield "response.function_call_arguments.delta", place | {"delta": item["arguments"]}
        done = {"arguments": item["arguments"], "name": item["name"]}
        yield "response.function_call_arguments.done", place | done
    else:
        place |= {"content_index": 0}
        yield "response.content_part.added", place | {"part": _part("")}
        for word in words(reply.text or ""):
            yield "response.output_text.delta", place | {"delta": word, "logprobs": []}
        yield "response.output_text.done", place | {"text": reply.text or "", "logprobs": []}
        yield "response.content_part.done", place | {"part": _part(reply.text or "")}
    yield "response.output_item.done", {"output_index": 0, "item": item}
    ended = whole(reply, request)
    yield f"response.{ended['status']}", {"response": ended}


def _message(item: Json) -> Json | None:
    if item.get("role") in _ROLES:
        content = item.get("content")
        return {"role": item["role"], "content": content if content is not None else ""}
    if item.get("type") == "function_call_output":
        return {"role": "user", "content": str(item.get("output", ""))}
    return None


def _headed(reply: Reply, request: Request) -> Json:
    return {
        "id": f"resp_{reply.number:020d}",
        "object": "response",
        "created_at": int(time.time()),
        "model": request.model,
        "instructions": request.instructions,
        "error": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "top_p": 1.0 if request.top_p is None else request.top_p,
        "tool_choice": request.tool_choice or "auto",
        "tools": request.tools,
        "text": {"format": {"type": "text"}} | request.text,
    }


def _item(reply: Reply) -> Json:
    if reply.function:
        called = {"call_id": f"call_{reply.number:020d}", "name": reply.function.name}
        begin = {"type": "function_call", "id": f"fc_{reply.number:020d}", "status": "completed"}
        return begin | called | {"arguments": arguments(reply.function)}
    status = "incomplete" if reply.finish == "length" else "completed"
    begin = {"type": "message", "id": f"msg_{reply.number:020d}", "status": status, "role": "assistant"}
    return begin | {"content": [_part(reply.text or "")]}


def _part(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
