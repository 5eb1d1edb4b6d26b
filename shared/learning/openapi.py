"""A function's OpenAPI 3.1 document, made of the pydantic models that check what it reads and write what it says.

    OPERATIONS = (
        Operation("get", "/tracks", "All tracks", {200: Tracks}),
        Operation("post", "/sessions/{id}/notes", "Add a note", {201: Note}, body=NewNote,
                  parameters=(SESSION, DEVICE, KEY), problems=(404, 409, 502), events="`delta` and then `done`"),
    )
    document("Carillon: notes", "What it is for", OPERATIONS)

Said of an operation without being asked: 401 and 503; with a body 400, 413, 415 and 422. `problems` names the others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from shared.http import idempotency
from shared.http.body import HEADER_SAFE
from shared.learning.sessions import MAX_DEVICE_LENGTH

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_WITH_TOKEN = (401, 503)
_WITH_BODY = (400, 413, 415, 422)
_RETRY = {"Retry-After": {"description": "Seconds after which calling again may help", "schema": {"type": "integer"}}}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}},
    429: _RETRY,
    503: _RETRY,
}


class Problem(BaseModel):
    """What went wrong (RFC 9457), without a word of the input."""

    type: str
    title: str
    status: int
    detail: str
    reason: str = ""  # a constant word for programs, where there is one


@dataclass(frozen=True)
class Parameter:
    """Something that is given in the path, the query or a header."""

    name: str
    place: Literal["path", "query", "header"]
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path; `answers` are those in JSON that are no problem, by status."""

    method: Literal["get", "post", "patch"]
    path: str
    summary: str
    answers: Mapping[int, type[BaseModel]]
    body: type[BaseModel] | None = None
    parameters: Sequence[Parameter] = ()
    problems: Sequence[int] = ()
    events: str = ""  # what is said to Accept: text/event-stream, if that is understood
    is_open: bool = False  # needs no token


SESSION = Parameter("id", "path", "The session", {"type": "string", "format": "uuid"})
DEVICE = Parameter(
    "X-Device-Id",
    "header",
    "Then only that device's sessions are there. Public clients must send it.",
    {"type": "string", "minLength": 1, "maxLength": MAX_DEVICE_LENGTH, "pattern": HEADER_SAFE},
)
KEY = Parameter(
    "Idempotency-Key",
    "header",
    "The same key with the same request gets the same answer, and it is done once. With another request: 409.",
    {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_KEY_LENGTH, "pattern": HEADER_SAFE},
)


def document(title: str, description: str, operations: Sequence[Operation]) -> Json:
    """The document of a function that answers `operations`, and GET /openapi.json with this."""
    used: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    used += [(one.body, "validation") for one in operations if one.body]
    used += [(model, "serialization") for one in operations for model in one.answers.values()]
    references, schemas = models_json_schema(list(dict.fromkeys(used)), ref_template=_REFERENCE)
    paths: dict[str, Json] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method] = _operation(one, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": description},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


_References = Mapping[Any, Json]  # by model, and whether it reads or writes


def _operation(one: Operation, references: _References) -> Json:
    described: Json = {
        "operationId": re.sub(r"\W+", "_", f"{one.method}{one.path}").strip("_"),
        "summary": one.summary,
        "responses": {str(status): _answer(status, model, one, references) for status, model in one.answers.items()},
    }
    if one.parameters:
        described["parameters"] = [_parameter(parameter) for parameter in one.parameters]
    if one.body:
        schema = references[one.body, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if one.is_open:
        described["security"] = []
    automatic = (() if one.is_open else _WITH_TOKEN) + (_WITH_BODY if one.body else ())
    for status in sorted({*one.problems, *automatic}):
        described["responses"][str(status)] = _problem(status, references)
    return described


def _answer(status: int, model: type[BaseModel], one: Operation, references: _References) -> Json:
    content: Json = {"application/json": {"schema": references[model, "serialization"]}}
    if one.events:
        content["text/event-stream"] = {"schema": {"type": "string", "description": one.events}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _problem(status: int, references: _References) -> Json:
    schema = references[Problem, "serialization"]
    described = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }
    return described | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def _parameter(one: Parameter) -> Json:
    return {
        "name": one.name,
        "in": one.place,
        "description": one.description,
        "required": one.place == "path",
        "schema": dict(one.schema),
    }
