"""A question and its answer in the API's words: whole, in pieces, or an error."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

_WORD = re.compile(" *[\ud800-\udfff]| *[^ \ud800-\udfff]+| +$")
Finish = Literal["stop", "length", "content_filter"]


class Part(BaseModel):
    """One part of a message that has several."""

    text: str = ""


class Message(BaseModel):
    """Somebody's words."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """All of them."""
        return self.content if isinstance(self.content, str) else " ".join(part.text for part in self.content or [])


class _Format(BaseModel):
    type: Literal["text", "json_object", "json_schema"]


class _StreamOptions(BaseModel):
    include_usage: bool = False


class Question(BaseModel):
    """A request, as far as the stand-in understands it."""

    model: str = Field(min_length=1)
    messages: list[Message] = Field(min_length=1)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    response_format: _Format | None = None
    stream: bool = False
    stream_options: _StreamOptions | None = None

    @property
    def is_new(self) -> bool:
        """Whether its model knows no `max_tokens` any more, as OpenAI's newer ones; here those called …-new."""
        return self.model.endswith("-new")

    @property
    def json_object(self) -> bool:
        """Whether the answer shall be a JSON object."""
        return self.response_format is not None and self.response_format.type != "text"

    @property
    def system(self) -> str:
        """The system prompt."""
        return "\n".join(message.text for message in self.messages if message.role in ("system", "developer"))

    @property
    def last(self) -> str:
        """The last question."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")


@dataclass(frozen=True)
class Reply:
    """An answer: its number, the question, the words; none when there is no content."""

    number: int
    question: Question
    text: str | None
    finish: Finish = "stop"
    counts: bool = True

    @property
    def usage(self) -> dict[str, int]:
        """A token is a word here."""
        prompt = sum(len(message.text.split()) for message in self.question.messages)
        completion = len((self.text or "").split())
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}

    def whole(self) -> dict[str, Any]:
        """The completion."""
        message = {"role": "assistant", "content": self.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        return self._headed("chat.completion") | {"choices": [choice]} | ({"usage": self.usage} if self.counts else {})

    def pieces(self) -> Iterator[bytes]:
        """The completion as server-sent events: its words, and what comes around them."""
        yield self._chunk({"role": "assistant", "content": ""})
        yield from self.spoken()
        yield self._chunk({}, self.finish)
        if self.counts and self.question.stream_options and self.question.stream_options.include_usage:
            yield _event(self._headed("chat.completion.chunk") | {"choices": [], "usage": self.usage})
        yield b"data: [DONE]\n\n"

    def spoken(self) -> Iterator[bytes]:
        """The events with the words, one each; half a character of UTF-16 is a word, as tokens may be."""
        for word in _WORD.findall(self.text or ""):
            yield self._chunk({"content": word})

    def _chunk(self, delta: dict[str, str], finish: Finish | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(self._headed("chat.completion.chunk") | {"choices": [choice]})

    def _headed(self, kind: str) -> dict[str, Any]:
        name = f"chatcmpl-{self.number:020d}"
        return {"id": name, "object": kind, "created": int(time.time()), "model": self.question.model}


def error(words: str, kind: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    """An error's body."""
    return {"error": {"message": words, "type": kind, "param": param, "code": code}}


def _event(chunk: dict[str, Any]) -> bytes:
    """In UTF-8, as the real ones are; only what it does not have is escaped."""
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode(errors="backslashreplace")
