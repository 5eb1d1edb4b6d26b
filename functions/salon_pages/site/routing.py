"""Tables of pages: which endpoint answers a path, and for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from starlette.requests import Request

from shared.http import requests

Endpoint = TypeVar("Endpoint")


@dataclass(frozen=True)
class Page(Generic[Endpoint]):
    """One method of one path template, like `/salons/{salon}/alerts`."""

    method: Literal["GET", "POST"]
    path: str
    endpoint: Endpoint
    is_managers: bool = False  # not for staff, to whom it does not exist


@dataclass(frozen=True)
class Found(Generic[Endpoint]):
    """The page that was asked for, and the values in its path."""

    endpoint: Endpoint
    values: list[str]
    is_managers: bool


class Table(Generic[Endpoint]):
    """Finds pages. A part of a path in braces stands for any text."""

    def __init__(self, pages: Iterable[Page[Endpoint]]) -> None:
        """Of two templates that fit the same path the first one counts."""
        self.pages = tuple(pages)

    def find(self, path: str, request: Request) -> Found[Endpoint] | None:
        """The page; None: the table has no such path. Raises HttpProblem 405 where only the method is wrong."""
        fitting = [(page, values) for page in self.pages if (values := _match(page.path, path)) is not None]
        if not fitting:
            return None
        requests.require_method(
            request, *dict.fromkeys(method for page, _ in fitting for method in _methods(page.method))
        )
        page, values = next(found for found in fitting if request.method in _methods(found[0].method))
        return Found(page.endpoint, values, page.is_managers)


def _methods(method: str) -> tuple[str, ...]:
    return ("GET", "HEAD") if method == "GET" else (method,)


def _match(template: str, path: str) -> list[str] | None:
    expected, parts = template.split("/"), path.split("/")
    if len(expected) != len(parts):
        return None
    values = []
    for wanted, part in zip(expected, parts, strict=True):
        if wanted.startswith("{") and part:
            values.append(part)
        elif wanted != part:
            return None
    return values
