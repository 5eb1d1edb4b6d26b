"""Answering HTTP: one place where errors become answers, and problems in the form of RFC 9457.

Answers repeat nothing of the request, and callers who are not authenticated all get the same one.
"""

import json
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from shared import logs
from shared.database import time_limit
from shared.database.time_limit import TimeLimit
from shared.errors import DatabaseUnavailable, HttpProblem, Unauthenticated
from shared.http import requests
from shared.telemetry import tracing
from shared.telemetry.refusal_lines import RefusalLines

RETRY_AFTER_SECONDS = 5

Handler = Callable[[Request], Awaitable[Response]]

_NOT_FOUND = HttpProblem(404, "Not Found", "There is nothing here.")
_INCOMPLETE = HttpProblem(400, "Incomplete", "The request ended before its body did.")
_INTERNAL_ERROR = HttpProblem(
    500, "Internal Error", "This is our fault. The log has the details under this request's id."
)

_refusal_lines = RefusalLines()


async def handle(
    function: str,
    request: Request,
    handler: Handler,
    unavailable_hint: str = "Call again: what comes twice is stored once.",
) -> Response:
    """The answer of `handler`, or the problem that its error becomes; the function `function` is named in the log.

    The database has TimeLimit's seconds for it in all, so that a caller gets 503 within five.
    `unavailable_hint` is what a caller may do after a 503, as the request may have been stored all the same.
    """
    logs.start_request(function)
    time_limit.current.set(TimeLimit())
    with tracing.request_span(function) as note:
        response = await _answer(function, request, handler, unavailable_hint)
        note(**{"http.request.method": request.method, "http.response.status_code": response.status_code})
    return response


async def _answer(function: str, request: Request, handler: Handler, unavailable_hint: str) -> Response:
    try:
        return await handler(request)
    except HttpProblem as problem:
        _refusal_lines.refused(problem.status, problem.title, problem.reason)
        return ProblemResponse(problem)
    except Unauthenticated:
        _refusal_lines.stranger(request.method)
        response = not_found()
        if requests.announces_large_body(request):
            response.headers["connection"] = "close"  # or else the server reads it to its end
        return response
    except ClientDisconnect:
        return ProblemResponse(_INCOMPLETE)
    except DatabaseUnavailable as cause:
        logs.error("database_away", cause=cause)
        detail, headers = f"The database is away. {unavailable_hint}", retry_after(RETRY_AFTER_SECONDS)
        return ProblemResponse(HttpProblem(503, "Unavailable", detail, headers=headers))
    except Exception as error:  # noqa: BLE001 - the one place that catches all, so that nothing leaks
        logs.error("crashed", cause=error, door=function)
        return ProblemResponse(_INTERNAL_ERROR)


def not_found() -> Response:
    """The one answer to callers who are not authenticated, whatever they asked for."""
    return ProblemResponse(_NOT_FOUND)


def json_response(body: dict[str, Any], status: int = 200) -> Response:
    """`body` as JSON, with the request's correlation id in a header."""
    return Response(
        json.dumps(body, ensure_ascii=False),
        status,
        media_type="application/json",
        headers={"x-correlation-id": logs.correlation_id.get()},
    )


class ProblemResponse(Response):
    """The answer for a problem: application/problem+json (RFC 9457), with the problem's headers."""

    def __init__(self, problem: HttpProblem) -> None:
        """`problem` stays known: who answers people makes a page of it."""
        headers = {
            "content-type": "application/problem+json",
            "x-correlation-id": logs.correlation_id.get(),
            **problem.headers,
        }
        content = _encoded(problem.status, problem.title, problem.detail, problem.reason)
        super().__init__(content, problem.status, headers)
        self.problem = problem


@lru_cache
def _encoded(status: int, title: str, detail: str, reason: str) -> bytes:
    """The body of a problem. There are few: none repeats what came."""
    return json.dumps(problem_body(HttpProblem(status, title, detail, reason=reason)), ensure_ascii=False).encode()


def problem_body(problem: HttpProblem) -> dict[str, Any]:
    """The fields of a problem (RFC 9457), and `reason`, a word for programs, where it has one."""
    fields = {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail}
    return fields | ({"reason": problem.reason} if problem.reason else {})


def retry_after(seconds: int) -> dict[str, str]:
    """The header that asks for another call after `seconds`."""
    return {"retry-after": str(seconds)}
