"""What every door shares: bounded bodies, one answer for strangers, problem+json, and nothing leaking out.

A door is the `async def <function>(request) -> Response` of a function; it hands its work to `answer`.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from shared import logs
from shared.errors import DatabaseUnavailable, HttpProblem, Unauthenticated

RETRY_AFTER_SECONDS = 5

Handler = Callable[[Request], Awaitable[Response]]


async def handle(
    function: str, request: Request, handler: Handler, away: str = "Call again: what comes twice is stored once."
) -> Response:
    """Run `handler` and turn whatever goes wrong into an answer that tells callers enough and strangers nothing.

    `away` says what a caller may do when the database is away, perhaps after it has stored what came.
    """
    logs.start_request(function)
    try:
        return await handler(request)
    except HttpProblem as refusal:
        logs.info("refused", status=refusal.status, title=refusal.title, reason=refusal.reason)
        return to_response(refusal)
    except Unauthenticated:
        logs.warning("stranger", method=request.method)
        return problem_response(404, "Not Found", "There is nothing here.")
    except ClientDisconnect:
        return problem_response(400, "Incomplete", "The request ended before its body did.")
    except DatabaseUnavailable as cause:
        logs.error("database_away", cause=cause)
        return unavailable_response(away)
    except Exception as error:  # noqa: BLE001 - the door is the one place that catches all, so that nothing leaks
        logs.error("crashed", cause=error, door=function)
        return problem_response(
            500, "Internal Error", "This is our fault. The log has the details under this request's id."
        )


def json_response(body: dict[str, Any], status: int = 200) -> Response:
    """A small JSON answer that carries the correlation id."""
    return Response(
        json.dumps(body, ensure_ascii=False),
        status,
        media_type="application/json",
        headers={"x-correlation-id": logs.correlation_id.get()},
    )


def problem_response(status: int, title: str, detail: str) -> Response:
    """An RFC 9457 answer. It never repeats the input."""
    return to_response(HttpProblem(status, title, detail))


def to_response(refusal: HttpProblem) -> Response:
    """An RFC 9457 answer that says why a request was refused."""
    response = json_response(problem_fields(refusal), refusal.status)
    response.headers["content-type"] = "application/problem+json"
    response.headers.update(refusal.headers)
    return response


def problem_fields(refusal: HttpProblem) -> dict[str, Any]:
    """The fields of a problem (RFC 9457), and the reason for programs."""
    fields = {"type": "about:blank", "title": refusal.title, "status": refusal.status, "detail": refusal.detail}
    return fields | ({"reason": refusal.reason} if refusal.reason else {})


def unavailable_response(then: str) -> Response:
    """503 with Retry-After: calling again helps. `then` says how, as the first call may have been stored after all."""
    detail, headers = f"The database is away. {then}", retry_after(RETRY_AFTER_SECONDS)
    return to_response(HttpProblem(503, "Unavailable", detail, headers=headers))


def retry_after(seconds: int) -> dict[str, str]:
    """The header of an answer that asks for another call."""
    return {"retry-after": str(seconds)}
