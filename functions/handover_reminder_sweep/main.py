"""The door: the scheduler's secret and a time budget."""

from starlette.requests import Request
from starlette.responses import Response

from functions.handover_reminder_sweep import sweep
from shared import config, http, logs
from shared.db import Database
from shared.poke import Poke

NAME = "handover_reminder_sweep"
DEFAULT_SECONDS, MOST_SECONDS = 40.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def handover_reminder_sweep(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining", "reminders", "closed", "unmuted"}`."""
    return await http.answer(NAME, request, _sweep)


async def _sweep(request: Request) -> Response:
    http.require_scheduler(request, _settings.cron_secret)
    http.require_method(request, "POST", "GET")
    seconds = http.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    report = await sweep.run(_database, seconds, logs.correlation_id.get())
    logs.info("run_finished", **report)
    if report["reminders"] or report["closed"]:
        await _poke()
    return http.json_answer(dict(report))
