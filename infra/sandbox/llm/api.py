"""The API's routes: the key, a fault that waits, the journal, the answer."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from infra.sandbox.connections import Dropped, has_left
from infra.sandbox.llm import wording
from infra.sandbox.llm.completion import Question, Reply, error
from infra.sandbox.llm.sse_writer import SseWriter

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.llm.state import Fault, Model

NAME = "sandbox"
Row = dict[str, Any]

_WHOLE = {"break": "drop", "stall": "hang"}  # what a stream's faults are to an answer that comes at once


class Api:
    """Answers the questions."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [Route("/chat/completions", self._complete, methods=["POST"]), Route("/models", self._models)]

    async def _models(self, request: Request) -> Response:
        if not _has_key(request):
            return _no_key()
        return _json({"object": "list", "data": [{"id": NAME, "object": "model", "created": 0, "owned_by": NAME}]})

    async def _complete(self, request: Request) -> Response:
        body = await request.body()
        row = self._model.note({"asked": _read(body)})
        if not _has_key(request):
            return _answered(row, _no_key())
        try:
            question = Question.model_validate_json(body)
        except ValidationError as problem:
            where = ".".join(str(place) for place in problem.errors()[0]["loc"])
            wrong = error(f"Invalid value: '{where}'.", "invalid_request_error", param=where or None)
            return _answered(row, _json(wrong, 400))
        if question.json_object and not any("json" in message.text.lower() for message in question.messages):
            return _answered(row, _json(_no_json(), 400))
        if question.is_new and question.max_tokens is not None:
            return _answered(row, _json(_no_max_tokens(), 400))
        row["streamed"] = question.stream
        fault = self._model.fault()
        if await has_left(request, self._model.latency):
            return _left(row)
        if fault:
            return await self._answer_badly(fault, request, question, row)
        return self._say(_reply(question, row), row)

    async def _answer_badly(self, fault: Fault, request: Request, question: Question, row: Row) -> Response:
        row["fault"] = fault.does
        does = fault.does if question.stream else _WHOLE.get(fault.does, fault.does)
        if does == "hang" and await has_left(request, fault.seconds):
            return _left(row)
        if does in ("hang", "drop"):
            return Dropped()
        if refusal := _refusal(fault):
            return _answered(row, refusal)
        reply = _reply(question, row)
        half = " ".join((reply.text or "").split(" ")[: reply.usage["completion_tokens"] // 2])
        changed = {
            "empty": replace(reply, text=""),
            "filter": replace(reply, text=half if question.stream else None, finish="content_filter"),
            "cut": replace(reply, text=half, finish="length"),
            "nul": replace(reply, text=f"\x00{reply.text}\ud800"),
            "no_usage": replace(reply, counts=False),
            "split": replace(reply, text=f"{reply.text} \ud83c\udfe0"),
        }
        return self._say(changed.get(does, reply), row, fault)

    def _say(self, reply: Reply, row: Row, fault: Fault | None = None) -> Response:
        row["answer"] = reply.text
        if reply.question.stream:
            return _answered(row, SseWriter(reply, row, self._model.between, fault))
        return _answered(row, _json(reply.whole()))


def _reply(question: Question, row: Row) -> Reply:
    text = wording.answer(question.system, question.last, json_object=question.json_object)
    most = question.max_completion_tokens or question.max_tokens
    if most is not None and most < len(text.split()):
        return Reply(row["n"], question, " ".join(text.split()[:most]), "length")
    return Reply(row["n"], question, text)


def _left(row: Row) -> Response:
    row["left"] = True
    return Response()


def _refusal(fault: Fault) -> Response | None:
    if fault.does == "status":
        return _json(error("The server had an error while processing your request.", "server_error"), fault.status)
    if fault.does == "garbage":
        return HTMLResponse("<html><h1>It works!</h1></html>")
    if fault.does == "quota":
        return _json(error("You exceeded your current quota.", "insufficient_quota", "insufficient_quota"), 429)
    if fault.does == "limit":
        resets = {"x-ratelimit-reset-requests": _duration(fault.seconds), "x-ratelimit-reset-tokens": "8ms"}
        pause = {"Retry-After": str(math.ceil(fault.seconds))} if fault.seconds >= 1 else {}
        return _json(error("Rate limit reached.", "requests", "rate_limit_exceeded"), 429, resets | pause)
    return None


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    if not minutes:
        return f"{rest}ms" if rest < 1000 else f"{rest / 1000:g}s"
    return f"{minutes}m{rest / 1000:g}s"


def _read(body: bytes) -> Any:
    """The body as the journal shows it."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _has_key(request: Request) -> bool:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip())


def _no_key() -> Response:
    return _json(error("You didn't provide an API key.", "invalid_request_error"), 401)


def _no_json() -> dict[str, Any]:
    hint = "to use 'response_format' of type 'json_object'."
    words_missing = f"'messages' must contain the word 'json' in some form, {hint}"
    return error(words_missing, "invalid_request_error", param="messages")


def _no_max_tokens() -> dict[str, Any]:
    words_wrong = "Unsupported parameter: 'max_tokens' is not supported with this model."
    hint = "Use 'max_completion_tokens' instead."
    return error(f"{words_wrong} {hint}", "invalid_request_error", "unsupported_parameter", "max_tokens")


def _answered(row: Row, response: Response) -> Response:
    row["status"] = response.status_code
    return response


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Escaped, because a fault's lone surrogate is no UTF-8."""
    return Response(json.dumps(body), status, headers, "application/json")
