"""A completion that comes in pieces: what of it may be passed on already, and whether it is complete."""

import json
from collections.abc import Iterator
from typing import Any

from shared.clients.llm.completion import MAX_TEXT, Completion, Kind, ModelError, error_kind, text_of, token_usage
from shared.clients.llm.sse import EventParser
from shared.clients.llm.thoughts import ThoughtFilter
from shared.payload.postgres_text import without_nul


class StreamParser:
    """Reads the bytes of an answer while they come."""

    def __init__(self) -> None:
        self._events = EventParser()
        self._text = _TextBuffer()
        self._usage: dict[str, int] | None = None
        self._has_ended = False
        self._has_refused = False
        self.is_over = False  # nothing that comes after this counts

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The text that `chunk` adds, none of it empty. Raises ModelError."""
        for data in self._events.feed(chunk):
            if data == b"[DONE]":
                self._has_ended = self.is_over = True
                return
            if piece := self._text.add(self._delta(data)):
                yield piece
            if self._text.is_full:
                self._has_ended = self.is_over = True
                return

    def completion(self) -> Completion:
        """All of it. Raises ModelError.

        A reason to finish is an end, also when `[DONE]` or the usage after it never came: not every server sends them,
        and no word is missing. `[DONE]` without a reason is one, as it is in an answer that comes whole. A stream with
        neither broke, however politely it was closed.
        """
        if not self._has_ended:
            raise ModelError("no_answer")
        if not self._text.whole:
            raise ModelError("content_filter" if self._has_refused else "empty")
        return Completion(self._text.whole, self._usage)

    def _delta(self, data: bytes) -> str:
        try:
            chunk: Any = json.loads(data)
        except (ValueError, RecursionError):
            raise ModelError("garbage") from None
        if isinstance(chunk, dict) and chunk.get("error"):
            raise ModelError(_error_kind(chunk["error"]))
        choices = chunk.get("choices") if isinstance(chunk, dict) else None
        if not isinstance(choices, list):
            raise ModelError("garbage")
        usage = token_usage(chunk.get("usage"))
        self._usage = self._usage if usage is None else usage
        return self._content(choices[0]) if choices else ""  # the chunk with the usage has no choices

    def _content(self, choice: Any) -> str:
        delta = choice.get("delta") or {} if isinstance(choice, dict) else None
        if not isinstance(delta, dict):
            raise ModelError("garbage")
        finish = choice.get("finish_reason")
        text = text_of(delta, finish)
        self._has_ended = self._has_ended or bool(finish)  # some say "" until then
        self._has_refused = self._has_refused or bool(delta.get("refusal"))
        return text


def _error_kind(error: Any) -> Kind:
    """Why a stream ends early. Its status was 200, so that of the error is in its code, if anywhere."""
    code = error.get("code") if isinstance(error, dict) else None
    return error_kind(error, code if type(code) is int and 400 <= code < 600 else 500)


class _TextBuffer:
    """Gives out what cannot change any more: half a character, and white space that may be the last, wait."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._thoughts = ThoughtFilter()
        self._half = ""
        self._space = ""
        self._room = MAX_TEXT
        self.is_full = False  # and there was more

    @property
    def whole(self) -> str:
        """All that was given out."""
        return "".join(self._pieces)

    def add(self, text: str) -> str:
        """What may be given out now."""
        text = self._half + text
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        clean = self._thoughts.add(without_nul(text.removesuffix(self._half)))
        if not self._pieces:
            clean = clean.lstrip()
        body = clean.rstrip()
        if not body:
            self._space = (self._space + clean)[:MAX_TEXT]
            return ""
        more = self._space + body
        self._space = clean[len(body) :]
        self.is_full = len(more) > self._room
        piece = more[: self._room]
        self._room -= len(piece)
        self._pieces.append(piece)
        return piece
