"""The door: the scheduler's secret and a time budget."""

from starlette.requests import Request
from starlette.responses import Response

from functions.daily_metrics_digest import run
from shared import config, http, logs
from shared.db import Database
from shared.poke import Poke

NAME = "daily_metrics_digest"
DEFAULT_SECONDS, MOST_SECONDS = 40.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def daily_metrics_digest(request: Request) -> Response:
    """POST or GET `/`.

    Answers `{"done", "remaining", "metrics", "unaddressed", "broken", "failed"}` in salons, and how many `alerts` were
    handed over and `conversations` copied.
    """
    return await http.answer(NAME, request, _tick)


async def _tick(request: Request) -> Response:
    http.require_scheduler(request, _settings.cron_secret)
    http.require_method(request, "POST", "GET")
    seconds = http.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    report = await run.tick(_database, seconds, logs.correlation_id.get(), await run.clock(_database))
    logs.info("run_finished", **report)
    if report["done"] or report["alerts"]:
        await _poke()
    return http.json_answer(dict(report))
