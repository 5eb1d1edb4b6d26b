"""The local scheduler."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import Response

from infra.local import scheduler, server
from infra.local.schedules import Schedule
from infra.local.web_server import listen
from shared.http.function import Function
from tests.helpers.waiting import until

SECRET = "a-secret-of-this-test"


class Functions:
    """Three functions that note when they are called."""

    def __init__(self) -> None:
        self.calls: dict[str, list[float]] = {"quick": [], "slow": [], "broken": []}
        self.secrets: set[str | None] = set()
        self.fourth_quick = asyncio.Event()
        self.url = ""

    async def quick(self, request: Request) -> Response:
        self.calls["quick"].append(time.monotonic())
        self.secrets.add(request.headers.get("x-cron-secret"))
        if len(self.calls["quick"]) == 4:
            self.fourth_quick.set()
        return Response()

    async def slow(self, _: Request) -> Response:
        self.calls["slow"].append(time.monotonic())
        await asyncio.sleep(300)
        return Response()

    async def broken(self, _: Request) -> Response:
        self.calls["broken"].append(time.monotonic())
        return Response(status_code=503)


@pytest.fixture
async def functions() -> AsyncIterator[Functions]:
    functions = Functions()
    handlers = {"quick": functions.quick, "slow": functions.slow, "broken": functions.broken}
    served = {name: Function(handler) for name, handler in handlers.items()}
    async with server.serving(served, listen(0)) as functions.url:
        yield functions


async def watch(functions: Functions, *schedules: Schedule) -> None:
    """Until each of those that are there was called twice."""
    calls = [functions.calls[schedule.function] for schedule in schedules if schedule.function in functions.calls]
    async with scheduler.running(schedules, functions.url, SECRET):
        await until(lambda: all(len(times) >= 2 for times in calls))


async def test_functions_are_called_at_once_and_then_at_their_own_periods(functions: Functions) -> None:
    started = time.monotonic()
    quick, broken = functions.calls["quick"], functions.calls["broken"]
    async with scheduler.running([Schedule("quick", 0.5), Schedule("broken", 60)], functions.url, SECRET):
        await asyncio.wait_for(functions.fourth_quick.wait(), 60)

    assert broken[0] - started < 60
    assert 1.3 < quick[-1] - quick[0] < 30
    assert len(broken) == 1
    assert functions.secrets == {SECRET}


async def test_a_slow_call_delays_neither_the_others_nor_the_next_one_nor_the_end(functions: Functions) -> None:
    started = time.monotonic()
    await watch(functions, Schedule("slow", 0.4), Schedule("quick", 0.4))

    assert time.monotonic() - started < 60, "the slow one takes five minutes"


async def test_a_failing_function_is_called_again_and_disturbs_nobody(functions: Functions) -> None:
    await watch(functions, Schedule("broken", 0.3), Schedule("not_there", 0.3), Schedule("quick", 0.3))


async def test_nobody_listening_is_survived_too() -> None:
    async with scheduler.running([Schedule("quick", 0.1)], "http://127.0.0.1:1", SECRET):
        await asyncio.sleep(0.5)


async def test_nothing_is_called_after_the_end(functions: Functions) -> None:
    await watch(functions, Schedule("quick", 0.1))
    calls = len(functions.calls["quick"])
    await asyncio.sleep(0.4)

    assert len(functions.calls["quick"]) == calls
