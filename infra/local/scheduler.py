"""The local scheduler: calls functions over HTTP at the periods that serverless.yml gives them."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from shared import logs

TEMPLATE = Path(__file__).parents[2] / "serverless.yml"
MAX_CALL_SECONDS = 900.0
SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


@dataclass(frozen=True)
class Schedule:
    """How often a function is called."""

    function: str
    seconds: float


def read_schedules(template: Path = TEMPLATE) -> list[Schedule]:
    """The schedules of a serverless.yml. Raises ValueError for one that is not rate(…)."""
    content = yaml.load(template.read_text(encoding="utf-8"), _Template)  # noqa: S506 - a SafeLoader, see below
    return [
        Schedule(name, _seconds(name, expression))
        for name, function in content["functions"].items()
        for event in function.get("events", [])
        if isinstance(event, dict) and "schedule" in event
        for expression in _expressions(event["schedule"])
    ]


@asynccontextmanager
async def running(schedules: Iterable[Schedule], url: str, cron_secret: str) -> AsyncIterator[None]:
    """Call each function at `url`/<function> now and then at its period, for as long as the context lasts."""
    headers = {"x-cron-secret": cron_secret}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=MAX_CALL_SECONDS, trust_env=False) as http:
        beating = asyncio.create_task(_beat_all(http, schedules))
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.wait([beating])


async def _beat_all(http: httpx.AsyncClient, schedules: Iterable[Schedule]) -> None:
    async with asyncio.TaskGroup() as group:
        for schedule in schedules:
            group.create_task(_beat(group, http, schedule))


async def _beat(group: asyncio.TaskGroup, http: httpx.AsyncClient, schedule: Schedule) -> None:
    """Nobody waits for a call: not the other functions, and not the next beat."""
    loop = asyncio.get_running_loop()
    beat = loop.time()
    while True:
        group.create_task(_call(http, schedule.function))
        beat = max(beat + schedule.seconds, loop.time())  # after a laptop's sleep one call, not a thousand
        await asyncio.sleep(beat - loop.time())


async def _call(http: httpx.AsyncClient, function: str) -> None:
    try:
        answer = await http.post(f"/{function}")
    except httpx.HTTPError as error:
        logs.warning("tick_failed", called=function, error=type(error).__name__)
        return
    if not answer.is_success:
        logs.warning("tick_failed", called=function, status=answer.status_code)


def _expressions(schedule: Any) -> list[str]:
    """`rate(…)`, a list of them, or either under `rate:` among other settings."""
    if isinstance(schedule, dict):
        return [] if schedule.get("enabled") is False else _expressions(schedule["rate"])
    return schedule if isinstance(schedule, list) else [schedule]


def _seconds(function: str, expression: str) -> float:
    found = _RATE.fullmatch(expression)
    if found is None:
        raise ValueError(f"{function}: the local scheduler understands rate(5 minutes), not {expression}")
    return int(found[1]) * SECONDS[found[2]]


class _Template(yaml.SafeLoader):
    """Reads over CloudFormation's tags, `!Ref` and its like."""


def _untagged(_loader: yaml.SafeLoader, _tag: str, _node: yaml.Node) -> None:
    """No schedule has one."""


_Template.add_multi_constructor("!", _untagged)
