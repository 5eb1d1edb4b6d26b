"""A table of routes: requests are routed by it, and the OpenAPI document beside it is made of it (infra/openapi)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from shared import logs
from shared.errors import Unauthenticated
from shared.http import requests

DOCUMENT_PATH = "/openapi.json"

Endpoint = TypeVar("Endpoint")


@dataclass(frozen=True)
class Route(Generic[Endpoint]):
    """One method of one path template, like `/sessions/{id}`, and what may come of it."""

    method: Literal["GET", "POST", "PATCH"]
    path: str
    summary: str
    endpoint: Endpoint
    responses: Mapping[int, type[BaseModel]]  # in JSON, by status; problems are apart
    body: type[BaseModel] | None = None
    parameters: Sequence[str] = ()  # names of headers and of the query's fields
    problems: Sequence[int] = ()  # statuses beside 401 and 503, and with a body 400, 408, 413, 415, 422
    events: str = ""  # what Accept: text/event-stream gets, if that is understood


class Router(Generic[Endpoint]):
    """Finds the routes of a path."""

    def __init__(self, routes: Iterable[Route[Endpoint]], choices: Mapping[str, Sequence[str]] | None = None) -> None:
        """`choices`: the only values of a template's name, where not every text will do."""
        self._choices = choices or {}
        self._by_template: dict[tuple[str, ...], dict[str, Route[Endpoint]]] = {}
        for route in routes:
            self._by_template.setdefault(tuple(route.path.split("/")), {})[route.method] = route

    def find(self, path: str) -> tuple[Mapping[str, Route[Endpoint]], list[str]]:
        """The routes of `path` by method, and its values in the template's order. Raises Unauthenticated."""
        parts = path.split("/")
        for template, routes in self._by_template.items():
            values = self._match(template, parts)
            if values is not None:
                return routes, values
        raise Unauthenticated

    def _match(self, template: Sequence[str], parts: Sequence[str]) -> list[str] | None:
        if len(template) != len(parts):
            return None
        values = []
        for expected, part in zip(template, parts, strict=True):
            if expected.startswith("{"):
                values.append(part)
                if not part or part not in self._choices.get(expected[1:-1], (part,)):
                    return None
            elif expected != part:
                return None
        return values


def document(request: Request, module_file: str) -> Response:
    """The committed OpenAPI document beside the module. Raises HttpProblem 405."""
    requests.require_method(request, "GET")
    content = Path(module_file).with_name("openapi.json").read_bytes()
    headers: dict[str, Any] = {"x-correlation-id": logs.correlation_id.get()}
    return Response(content, media_type="application/json", headers=headers)
