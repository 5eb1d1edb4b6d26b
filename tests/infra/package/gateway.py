"""AWS before the Lambdas: what is sent to an address becomes an event of a function URL or a schedule; and queues."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from shared.http import requests
from shared.http.function import Function
from tests.helpers import lambdas, platforms
from tests.helpers.lambdas import Lambda
from tests.helpers.queues import Queue
from tests.infra.aws.cloudformation import BLOCKS, SCHEDULES


@asynccontextmanager
async def running(
    unpacked: Path, printed: Path, environments: Mapping[str, dict[str, str]]
) -> AsyncIterator[dict[str, Lambda]]:
    """A Lambda for each function of `environments`, all of them up."""
    with ExitStack() as stack:
        instances = {}
        for name, environment in environments.items():
            settings = {**environment, "FUNCTION_TARGET": name, "SERVER_ENV": "prod"}
            started = lambdas.running(unpacked / name, BLOCKS[name]["handler"], printed, **settings)
            instances[name] = stack.enter_context(started)
        for instance in instances.values():
            await asyncio.to_thread(instance.wait)
        yield instances


def served(name: str, instance: Lambda) -> Function:
    """A Lambda behind its address: for a scheduled function whoever calls it is the scheduler."""

    async def handle(request: Request) -> Response:
        event = {"task": name} if name in SCHEDULES else await _event(name, request)
        answer = platforms.answer_of(await asyncio.to_thread(instance.invoke, event))
        response = Response(answer.body, answer.status)
        response.raw_headers = [(key.encode(), value.encode()) for key, value in answer.headers.items()]
        return response

    return Function(handle)


async def _event(name: str, request: Request) -> dict[str, Any]:
    headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in request.headers.raw)
    query = request.scope["query_string"].decode("latin-1")
    path, body = requests.path(request, name), await request.body()
    return platforms.function_url_event(platforms.Call(request.method, path, query, headers, body))


@asynccontextmanager
async def delivering(*mappings: tuple[Queue, Lambda]) -> AsyncIterator[None]:
    """Give what waits in a queue to its Lambda, and delete what did not fail, as an event source mapping does."""
    tasks = [asyncio.create_task(_deliver(queue, instance)) for queue, instance in mappings]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _deliver(queue: Queue, instance: Lambda) -> None:
    while True:
        records = await asyncio.to_thread(queue.receive, 1)
        if records:
            answer = await asyncio.to_thread(instance.invoke, {"Records": records})
            failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
            for record in records:
                if record["messageId"] not in failed:
                    await asyncio.to_thread(queue.done, record)
