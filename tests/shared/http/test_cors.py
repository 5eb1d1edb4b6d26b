"""Which pages may read answers."""

import pytest
from starlette.responses import Response

from shared.http import cors
from tests.shared.http.requests import request

OURS, THEIRS = "https://app.example.com", "https://elsewhere.example.com"


def allowed(origin: str | None, *origins: str) -> dict[str, str]:
    headers = {} if origin is None else {"Origin": origin}
    answer = cors.allow(Response(), request("GET", headers), origins)
    return {name: value for name, value in answer.headers.items() if name != "content-length"}


@pytest.mark.parametrize(
    ("origin", "origins", "expected"),
    [
        (OURS, (OURS,), OURS),
        (OURS, (THEIRS, OURS), OURS),
        (THEIRS, ("*",), THEIRS),
        (THEIRS, (OURS,), None),
        ("null", (OURS,), None),
        (f"{OURS}.evil.example", (OURS,), None),
        ("*", (OURS,), None),
        (None, (OURS,), None),
        (OURS, (), None),
    ],
)
def test_only_an_allowed_page_is_named(origin: str | None, origins: tuple[str, ...], expected: str | None) -> None:
    headers = allowed(origin, *origins)

    assert headers.get("access-control-allow-origin") == expected
    assert headers.get("vary") == ("Origin" if origins else None)
    assert ("access-control-expose-headers" in headers) == (expected is not None)


@pytest.mark.parametrize(
    ("method", "headers"),
    [("GET", {"Access-Control-Request-Method": "POST"}), ("OPTIONS", {}), ("OPTIONS", {"Origin": OURS})],
)
def test_only_preflight_requests_get_a_preflight_response(method: str, headers: dict[str, str]) -> None:
    assert cors.preflight(request(method, headers), (OURS,)) is None


def test_a_preflight_response_lists_methods_and_headers() -> None:
    answers = [
        cors.preflight(request("OPTIONS", {"Origin": origin, "Access-Control-Request-Method": "POST"}), (OURS,))
        for origin in (OURS, THEIRS)
    ]

    assert [answer.status_code for answer in answers if answer] == [204, 204]
    assert ["access-control-allow-methods" in answer.headers for answer in answers if answer] == [True, False]
