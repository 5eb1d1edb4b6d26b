"""A function's OpenAPI 3.1 document, made of its routes and of the pydantic models that they name.

Of every route it says 401 and 503; of one with a body 400, 408, 413, 415 and 422. Its `problems` are the others.
"""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from infra.openapi import parameters
from shared.http.routing import Route

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_WITH_TOKEN = (401, 503)
_WITH_BODY = (400, 408, 413, 415, 422)
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


def document(title: str, description: str, routes: Iterable[Route[Any]]) -> Json:
    """The document of a function with these routes."""
    routes = tuple(routes)
    used: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    used += [(route.body, "validation") for route in routes if route.body]
    used += [(model, "serialization") for route in routes for model in route.responses.values()]
    references, schemas = models_json_schema(list(dict.fromkeys(used)), ref_template=_REFERENCE)
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references)
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


def _operation(route: Route[Any], references: _References) -> Json:
    operation: Json = {
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_"),
        "summary": route.summary,
        "responses": {
            str(status): _response(status, model, route, references) for status, model in route.responses.items()
        },
    }
    names = [*re.findall(r"{(\w+)}", route.path), *route.parameters]
    if names:
        operation["parameters"] = [parameters.described(name) for name in names]
    if route.body:
        schema = references[route.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    for status in sorted({*route.problems, *_WITH_TOKEN, *(_WITH_BODY if route.body else ())}):
        operation["responses"][str(status)] = _problem(status, references)
    return operation


def _response(status: int, model: type[BaseModel], route: Route[Any], references: _References) -> Json:
    content: Json = {"application/json": {"schema": references[model, "serialization"]}}
    if route.events:
        content["text/event-stream"] = {"schema": {"type": "string", "description": route.events}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _problem(status: int, references: _References) -> Json:
    schema = references[Problem, "serialization"]
    response = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }
    return response | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
