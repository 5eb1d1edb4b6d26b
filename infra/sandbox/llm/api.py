"""The API's routes: the key, a fault that waits, the journal, the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.routing import Route

from infra.sandbox.connections import has_left
from infra.sandbox.llm import embeddings, responses
from infra.sandbox.llm.answering import structured, wording
from infra.sandbox.llm.answering.by_hand import written
from infra.sandbox.llm.answering.real import VIA
from infra.sandbox.llm.answers import Row, in_json, left, noted
from infra.sandbox.llm.completion import Finish, Reply
from infra.sandbox.llm.errors import Refusal, invalid, no_key, no_such_model
from infra.sandbox.llm.faults import without_words
from infra.sandbox.llm.question import Question, check
from infra.sandbox.llm.sse_writer import SseWriter

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.llm.state import Fault, Model

NAME = "sandbox"
KNOWN = (NAME, f"{NAME}-new")  # the models of a strict sandbox
_Body = TypeVar("_Body", bound=BaseModel)

_WHOLE = {"break": "drop", "stall": "hang"}  # what a stream's faults are to an answer that comes at once


class Api:
    """Answers the questions."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [
            Route("/chat/completions", self._complete, methods=["POST"]),
            Route("/responses", self._respond, methods=["POST"]),
            Route("/embeddings", self._embed, methods=["POST"]),
            Route("/models", self._models),
            Route("/models/{name:path}", self._named_model),
            Route("/{path:path}", _no_such_path, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    async def _models(self, request: Request) -> Response:
        if not _has_key(request):
            return _refused(no_key())
        return in_json({"object": "list", "data": [_described(NAME)]})

    async def _named_model(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not _has_key(request):
            return _refused(no_key())
        return in_json(_described(name)) if name in KNOWN else _refused(no_such_model(name))

    async def _complete(self, request: Request) -> Response:
        body = await request.body()
        row = self._model.note({"asked": _read(body)})
        if self._model.real:
            return await self._ask_real("chat/completions", request, body, row)
        try:
            question = _parsed(request, body, Question)
            check(question, self._known())
        except Refusal as refusal:
            return noted(row, _refused(refusal))
        row["streamed"] = question.stream
        fault = self._model.fault()
        if await has_left(request, self._model.latency):
            return left(row)
        if fault:
            return await self._answer_badly(fault, request, question, row)
        reply = await written(self._model, request, _reply(question, row), row)
        return self._say(reply, row) if reply else left(row)

    async def _respond(self, request: Request) -> Response:
        """The Responses API. Of the faults those that leave no answer, or refuse, apply."""
        body = await request.body()
        row = self._model.note({"asked": _read(body)})
        if self._model.real:
            return await self._ask_real("responses", request, body, row)
        try:
            asked = _parsed(request, body, responses.Request)
            question = _parsed(request, json.dumps(asked.as_question()).encode(), Question)
            check(question, self._known())
        except Refusal as refusal:
            return noted(row, _refused(refusal))
        row["streamed"] = asked.stream
        fault = self._model.fault()
        if await has_left(request, self._model.latency):
            return left(row)
        if fault and (broken := await without_words(fault, fault.does, request, row)):
            return broken
        reply = await written(self._model, request, _reply(question, row), row)
        if reply is None:
            return left(row)
        row["answer"] = reply.text
        if asked.stream:
            stream = b"".join(responses.pieces(reply, asked))
            return noted(row, Response(stream, media_type="text/event-stream; charset=utf-8"))
        return noted(row, in_json(responses.whole(reply, asked)))

    async def _embed(self, request: Request) -> Response:
        body = await request.body()
        if self._model.real:
            return await self._model.real.ask("embeddings", body, {})
        try:
            asked = _parsed(request, body, embeddings.Request)
            if (known := self._known()) and asked.model not in known:
                raise no_such_model(asked.model)
        except Refusal as refusal:
            return _refused(refusal)
        return in_json(embeddings.answer(asked))

    async def _ask_real(self, path: str, request: Request, body: bytes, row: Row) -> Response:
        """Of the faults those that leave no answer, or refuse, apply."""
        if not (real := self._model.real) or not _has_key(request):
            return noted(row, _refused(no_key()))
        if request.headers.get("via") == VIA:
            return noted(row, _refused(Refusal("This sandbox asks itself: choose another address.", status=508)))
        fault = self._model.fault()
        if await has_left(request, self._model.latency):
            return left(row)
        if fault and (broken := await without_words(fault, fault.does, request, row)):
            return broken
        return noted(row, await real.ask(path, body, row))

    def _known(self) -> tuple[str, ...]:
        return KNOWN if self._model.is_strict else ()

    async def _answer_badly(self, fault: Fault, request: Request, question: Question, row: Row) -> Response:
        does = fault.does if question.stream else _WHOLE.get(fault.does, fault.does)
        if broken := await without_words(fault, does, request, row):
            return broken
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
            return noted(row, SseWriter(reply, row, self._model.between, fault))
        return noted(row, in_json(reply.whole()))


def _reply(question: Question, row: Row) -> Reply:
    if function := question.function:
        # OpenAI's word for the end of a call that was asked for by name is "stop", too.
        finish: Finish = "tool_calls" if question.tool_choice == "required" else "stop"
        return Reply(row["n"], question, None, finish, function=function)
    if (schema := question.schema_asked) is not None:
        text = json.dumps(structured.example(schema), ensure_ascii=False)
    else:
        text = wording.answer(question.system, question.last, json_object=question.json_object)
    for word in filter(None, question.stop_words):
        text = text.partition(word)[0]
    most = question.max_completion_tokens or question.max_tokens
    if most is not None and most < len(text.split()):
        return Reply(row["n"], question, " ".join(text.split()[:most]), "length")
    return Reply(row["n"], question, text)


def _read(body: bytes) -> Any:
    """The body as the journal shows it."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _has_key(request: Request) -> bool:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip())


def _parsed(request: Request, body: bytes, shape: type[_Body]) -> _Body:
    """The body. Raises Refusal, also when nobody says who asks."""
    if not _has_key(request):
        raise no_key()
    try:
        return shape.model_validate_json(body)
    except ValidationError as problem:
        raise invalid(problem) from None


def _described(name: str) -> Row:
    return {"id": name, "object": "model", "created": 0, "owned_by": NAME}


async def _no_such_path(request: Request) -> Response:
    return _refused(Refusal(f"Invalid URL ({request.method} {request.url.path})", status=404))


def _refused(refusal: Refusal) -> Response:
    return in_json(refusal.body, refusal.status)
