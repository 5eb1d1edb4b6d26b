"""What every door shares, over real HTTP."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from shared import logs
from shared.errors import DatabaseUnavailable, HttpProblem, Unauthenticated
from shared.http import requests, responses
from tests.helpers import canaries

PROBLEM = {"type", "title", "status", "detail"}


@asynccontextmanager
async def door(handler: responses.Handler, mounted: bool = False) -> AsyncIterator[httpx.AsyncClient]:  # noqa: FBT001, FBT002
    """`handler` behind `answer` on a loopback port, and a client for it."""

    async def function(request: Request) -> Response:
        return await responses.handle("some_function", request, handler)

    methods = ["GET", "POST", "PUT", "HEAD"]
    routes: list[Any] = [Route("/{path:path}", function, methods=methods)]
    app = Starlette(routes=[Mount("/inner", routes=routes)] if mounted else routes)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", log_config=None))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        running = asyncio.create_task(server.serve([listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{'/inner' if mounted else ''}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
            yield client
        server.should_exit = True
        await running


def raising(error: Exception) -> responses.Handler:
    """A handler that fails."""

    async def handler(_: Request) -> Response:
        raise error

    return handler


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (HttpProblem(422, "Unfit", "Send a number."), 422),
        (Unauthenticated(), 404),
        (DatabaseUnavailable("x"), 503),
        (ValueError(canaries.ANSWER), 500),
        (RuntimeError(canaries.EMAIL), 500),
    ],
)
async def test_whatever_goes_wrong_becomes_problem_json_that_repeats_nothing(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with door(raising(error)) as client:
        response = await client.post("/", content=canaries.ANSWER)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) == PROBLEM
    assert response.json()["status"] == status
    printed = capsys.readouterr()
    for canary in canaries.ALL:
        assert canary not in response.text + printed.out + printed.err


async def test_a_refusal_says_what_to_change() -> None:
    async with door(raising(HttpProblem(422, "Unfit", "Send a number."))) as client:
        body = (await client.get("/")).json()
    assert (body["title"], body["detail"]) == ("Unfit", "Send a number.")


async def test_without_a_database_the_answer_is_503_with_retry_after() -> None:
    async with door(raising(DatabaseUnavailable())) as client:
        assert (await client.get("/")).headers["retry-after"] == "5"


async def test_every_answer_carries_an_id_of_its_own() -> None:
    async def handler(_: Request) -> Response:
        return responses.json_response({"id": logs.correlation_id.get(), "слово": "да"})

    async with door(handler) as client:
        answers = [await client.get("/", headers={"x-correlation-id": "mine"}) for _ in range(3)]
    assert [answer.headers["x-correlation-id"] for answer in answers] == [answer.json()["id"] for answer in answers]
    assert len({answer.json()["id"] for answer in answers} | {"mine"}) == 4
    assert answers[0].json()["слово"] == "да"


async def reading(request: Request) -> Response:
    """Answers how long the body was."""
    return responses.json_response({"bytes": len(await requests.read_body(request, 1000))})


@pytest.mark.parametrize(("size", "status"), [(0, 200), (1000, 200), (1001, 413), (1_000_000, 413)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_has_a_limit_however_it_comes(size: int, status: int, *, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 700):
            yield b"x" * min(700, size - start)

    async with door(reading) as client:
        response = await client.post("/", content=pieces() if chunked else b"x" * size)
    assert response.status_code == status
    assert (response.json().get("bytes") == size) == (status == 200)


@pytest.mark.parametrize(
    ("encoding", "status"), [("gzip", 415), ("GZip", 415), ("identity, br", 415), ("identity", 200), ("IDENTITY", 200)]
)
async def test_a_compressed_body_is_refused(encoding: str, status: int) -> None:
    async with door(reading) as client:
        assert (await client.post("/", content=b"x", headers={"content-encoding": encoding})).status_code == status


async def test_a_caller_who_hangs_up_before_the_end_harms_nobody() -> None:
    async with door(reading) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        del reader
        assert (await client.post("/", content=b"abc")).json() == {"bytes": 3}


async def test_a_method_that_is_not_allowed_is_405() -> None:
    async def handler(request: Request) -> Response:
        requests.require_method(request, "POST", "GET")
        return responses.json_response({})

    async with door(handler) as client:
        assert (await client.get("/")).status_code == 200
        refused = await client.put("/")
    assert (refused.status_code, refused.json()["detail"]) == (405, "Use POST or GET.")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-cron-secret": canaries.CRON_SECRET}, 200),
        ({"x-cron-secret": "the-next-secret-of-the-scheduler"}, 200),
        ({"x-cron-secret": f"the-next-secret-of-the-scheduler,{canaries.CRON_SECRET}"}, 404),
        ({"authorization": f"Bearer {canaries.CRON_SECRET}"}, 200),
        ({}, 404),
        ({"x-cron-secret": ""}, 404),
        ({"x-cron-secret": "wrong"}, 404),
        ({"x-cron-secret": canaries.CRON_SECRET + "x"}, 404),
        ({"x-cron-secret": "секрет".encode()}, 404),
        ({"authorization": b"Bearer \xff"}, 404),
        ({"authorization": f"Basic {canaries.CRON_SECRET}"}, 404),
        ({"authorization": "Bearer"}, 404),
    ],
)
async def test_only_the_scheduler_gets_past_its_secret(headers: dict[str, Any], status: int) -> None:
    async def handler(request: Request) -> Response:
        requests.require_scheduler(request, ("the-next-secret-of-the-scheduler", canaries.CRON_SECRET))
        return responses.json_response({})

    async with door(handler) as client:
        assert (await client.post("/", headers=headers)).status_code == status


async def test_where_the_platform_vouches_every_caller_is_the_scheduler() -> None:
    async def handler(request: Request) -> Response:
        requests.require_scheduler(request, None)
        return responses.json_response({})

    async with door(handler) as client:
        assert (await client.post("/")).status_code == 200


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ("", 35.0),
        ("seconds=5", 5.0),
        ("seconds=0.5", 0.5),
        ("seconds=600", 600.0),
        ("seconds=601", None),
        ("seconds=0", None),
        ("seconds=-1", None),
        ("seconds=nan", None),
        ("seconds=inf", None),
        ("seconds=", None),
        ("seconds=1e999", None),
        ("seconds=five", None),
    ],
)
async def test_a_time_budget_is_a_number_within_reason(query: str, seconds: float | None) -> None:
    async def handler(request: Request) -> Response:
        return responses.json_response({"seconds": requests.time_budget(request, 35.0, 600.0)})

    async with door(handler) as client:
        response = await client.post(f"/?{query}")
    assert response.status_code == (200 if seconds else 400)
    assert response.json().get("seconds") == seconds


@pytest.mark.parametrize("mounted", [False, True])
async def test_a_function_sees_its_own_path_and_query_wherever_it_is_mounted(*, mounted: bool) -> None:
    async def handler(request: Request) -> Response:
        return responses.json_response(
            {
                "path": requests.path(request, "ring"),
                "query": requests.query(request).encode("utf-8", "surrogateescape").decode(),
            }
        )

    async with door(handler, mounted) as client:
        response = await client.get("/getcourse/%D1%88?a=%D1%88+1&b")
    assert response.json() == {"path": "/getcourse/ш", "query": "a=%D1%88+1&b"}


def test_bytes_of_a_query_that_are_no_utf8_survive() -> None:
    request = Request({"type": "http", "query_string": b"a=\xff\xd1\x88", "headers": []})
    assert requests.query(request).encode("utf-8", "surrogateescape") == b"a=\xff\xd1\x88"


def test_an_answer_is_small_json() -> None:
    response = responses.json_response({"a": 1}, 201)
    assert (response.status_code, json.loads(bytes(response.body))) == (201, {"a": 1})
