"""An answer in the API's words: whole, or in pieces."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from infra.sandbox.llm.answering.structured import example
from infra.sandbox.llm.question import Function, Question

_WORD = re.compile(" *[\ud800-\udfff]| *[^ \ud800-\udfff]+| +$")
Finish = Literal["stop", "length", "content_filter", "tool_calls"]


@dataclass(frozen=True)
class Reply:
    """An answer: its number, the question, the words; none when there is no content, or a call of a function."""

    number: int
    question: Question
    text: str | None
    finish: Finish = "stop"
    counts: bool = True
    function: Function | None = None

    @property
    def usage(self) -> dict[str, Any]:
        """A token is a word here."""
        prompt, completion = self.question.tokens(), len((self.text or "").split())
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}

    def whole(self) -> dict[str, Any]:
        """The completion."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text, "refusal": None}
        if self.function:
            message["tool_calls"] = [self._call(self.function)]
        choice = {"message": message, "logprobs": None, "finish_reason": self.finish}
        choices = [{"index": index} | choice for index in range(self.question.n)]
        return self._headed("chat.completion") | {"choices": choices} | ({"usage": self.usage} if self.counts else {})

    def pieces(self) -> Iterator[bytes]:
        """The completion as server-sent events: its words, and what comes around them."""
        yield self._chunk({"role": "assistant", "content": None if self.function else ""})
        if self.function:
            yield self._chunk({"tool_calls": [{"index": 0} | self._call(self.function)]})
        yield from self.spoken()
        yield self._chunk({}, self.finish)
        if self.counts and self.question.stream_options and self.question.stream_options.include_usage:
            yield event(self._headed("chat.completion.chunk") | {"choices": [], "usage": self.usage})
        yield b"data: [DONE]\n\n"

    def spoken(self) -> Iterator[bytes]:
        """The events with the words, one each; half a character of UTF-16 is a word, as tokens may be."""
        for word in words(self.text or ""):
            yield self._chunk({"content": word})

    def _call(self, function: Function) -> dict[str, Any]:
        called = {"name": function.name, "arguments": arguments(function)}
        return {"id": f"call_{self.number:020d}", "type": "function", "function": called}

    def _chunk(self, delta: dict[str, Any], finish: Finish | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event(self._headed("chat.completion.chunk") | {"choices": [choice]})

    def _headed(self, kind: str) -> dict[str, Any]:
        name = f"chatcmpl-{self.number:020d}"
        return {"id": name, "object": kind, "created": int(time.time()), "model": self.question.model}


def words(text: str) -> list[str]:
    """The pieces in which a text is streamed."""
    return _WORD.findall(text)


def arguments(function: Function) -> str:
    """What a function is called with: made up, but as its schema wants it."""
    return json.dumps(example({"type": "object"} | function.parameters), ensure_ascii=False)


def event(chunk: dict[str, Any], name: str = "") -> bytes:
    """A server-sent event in UTF-8, as the real ones are; only what it does not have is escaped."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode(errors="backslashreplace")
