"""Bodies: how many bytes of one are read, and for how long."""

import pytest

from shared.errors import HttpProblem
from shared.http import requests, responses
from tests.shared.http.requests import dripping, request


async def test_a_body_that_never_ends_is_not_waited_for() -> None:
    with pytest.raises(HttpProblem) as refused:
        await requests.read_body(dripping(b"a", b"b"), 100, seconds=0.01)

    assert (refused.value.status, refused.value.title) == (408, "Too Slow")
    answer = responses.ProblemResponse(refused.value)
    assert answer.headers["connection"] == "close"  # what is left of it is not read either


async def test_a_body_that_arrives_in_time_is_whole() -> None:
    assert await requests.read_body(request("POST", body=b"a body in two pieces"), 100) == b"a body in two pieces"


async def test_a_body_is_counted_while_it_arrives() -> None:
    with pytest.raises(HttpProblem) as refused:
        await requests.read_body(dripping(b"x" * 60, b"x" * 60), 100)

    assert refused.value.status == 413
