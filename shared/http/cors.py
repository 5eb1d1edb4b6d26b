"""Which web pages may call from a browser (setting CORS_ORIGINS; Fetch standard: CORS protocol)."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

_METHODS = "GET, POST, PATCH"
_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Api-Token, X-Device-Id"
_EXPOSED_HEADERS = "Retry-After, X-Correlation-Id"
_MAX_AGE_SECONDS = 600


def preflight(request: Request, origins: Sequence[str]) -> Response | None:
    """The response to a preflight request; None for any other request."""
    if request.method != "OPTIONS" or "access-control-request-method" not in request.headers:
        return None
    response = allow(Response(status_code=204), request, origins)
    if "access-control-allow-origin" in response.headers:
        response.headers["access-control-allow-methods"] = _METHODS
        response.headers["access-control-allow-headers"] = _HEADERS
        response.headers["access-control-max-age"] = str(_MAX_AGE_SECONDS)
    return response


def allow(response: Response, request: Request, origins: Sequence[str]) -> Response:
    """`response` with the headers that let a page of an allowed origin read it. Cookies are never allowed."""
    origin = request.headers.get("origin")
    if origins:
        response.headers["vary"] = "Origin"
    if origin is not None and (origin in origins or "*" in origins):
        response.headers["access-control-allow-origin"] = origin
        response.headers["access-control-expose-headers"] = _EXPOSED_HEADERS
    return response
