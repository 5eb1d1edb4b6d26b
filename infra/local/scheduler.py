"""The local scheduler: calls functions over HTTP at the periods of their schedules."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import httpx

from infra.local.schedules import Schedule
from shared import logs

MAX_CALL_SECONDS = 900.0


@asynccontextmanager
async def running(schedules: Iterable[Schedule], url: str, cron_secret: str) -> AsyncIterator[None]:
    """Call each function at `url`/<function> now and then at its period, for as long as the context lasts."""
    headers = {"x-cron-secret": cron_secret}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=MAX_CALL_SECONDS, trust_env=False) as http:
        calls = asyncio.create_task(_call_all(http, schedules))
        try:
            yield
        finally:
            calls.cancel()
            await asyncio.wait([calls])


async def _call_all(http: httpx.AsyncClient, schedules: Iterable[Schedule]) -> None:
    async with asyncio.TaskGroup() as group:
        for schedule in schedules:
            group.create_task(_call_periodically(group, http, schedule))


async def _call_periodically(group: asyncio.TaskGroup, http: httpx.AsyncClient, schedule: Schedule) -> None:
    """A slow call delays neither the other functions nor the next call."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        group.create_task(_call(http, schedule.function))
        due = max(due + schedule.seconds, loop.time())  # after a laptop's sleep one call, not a thousand
        await asyncio.sleep(due - loop.time())


async def _call(http: httpx.AsyncClient, function: str) -> None:
    try:
        response = await http.post(f"/{function}")
    except httpx.HTTPError as error:
        logs.warning("tick_failed", called=function, error=type(error).__name__)
        return
    if not response.is_success:
        logs.warning("tick_failed", called=function, status=response.status_code)
