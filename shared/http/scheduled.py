"""What every scheduled function does around its run: authenticate, give it a time budget, record it, poke."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from shared import logs
from shared.config import Settings
from shared.database import job_runs, time_limit
from shared.database.pool import Database
from shared.database.time_limit import RunLimit
from shared.errors import ConfigError
from shared.http import requests
from shared.http.function import Function
from shared.http.health import with_health
from shared.http.responses import handle, json_response

SETTINGS = ("database_url", "cron_secret", "cron_secrets", "log_level")

Report = Mapping[str, int]  # "done" and "remaining", and what else the run counts
Run = Callable[[Request, float], Awaitable[Report | None]]


@dataclass(frozen=True)
class Budget:
    """How many seconds a run may take, unless `?seconds=` says otherwise, and the maximum of that."""

    default: float
    every: float  # seconds from one run to the next, as serverless.yml has it
    maximum: float = 600.0


def scheduled(  # noqa: PLR0913 - what sets one scheduled function apart from another
    name: str,
    settings: Settings,
    database: Database,
    run: Run,
    budget: Budget,
    *,
    poke: Callable[[], Awaitable[None]] | None = None,
    poke_if: Sequence[str] = ("done",),
) -> Function:
    """The function `name`: POST or GET `/` calls `run` with the request and its seconds, and answers its report.

    When its seconds are over, a database that hangs makes it end with 503, too. The run is recorded in
    platform.job_runs, then `poke` is called if any of the counts `poke_if` is not zero. A run
    that returns None has joined another one, which records both. Raises ConfigError when everybody could call it.
    """
    secrets = _cron_secrets(name, settings)

    async def answer(request: Request) -> Response:
        requests.require_scheduler(request, secrets)
        requests.require_method(request, "POST", "GET")
        seconds = requests.time_budget(request, budget.default, budget.maximum)
        started = time.monotonic()
        time_limit.current.set(RunLimit(seconds))
        report = await run(request, seconds)
        if report is None:
            return json_response({"joined": True})
        async with database.connection() as connection:
            await job_runs.record(connection, name, started, report, budget.every)
        logs.info("run_finished", **report)
        if poke and any(report[count] for count in poke_if):
            await poke()
        return json_response(dict(report))

    async def handler(request: Request) -> Response:
        return await handle(name, request, answer)

    return Function(with_health(name, database, handler), database.close)


def _cron_secrets(name: str, settings: Settings) -> tuple[str, ...] | None:
    secrets: tuple[str, ...] | None = settings.cron_secrets
    if secrets == ():
        step = "set a long random text, in the scheduler, too; or CRON_SECRET_IS_PLATFORM=1 where the platform vouches"
        raise ConfigError(f"CRON_SECRET is not set, and anybody could call {name}: {step}")
    return secrets
