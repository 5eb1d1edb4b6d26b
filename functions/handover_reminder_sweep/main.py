"""The door: the scheduler's secret and a time budget."""

from starlette.requests import Request
from starlette.responses import Response

from functions.handover_reminder_sweep import run
from shared import config, logs
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http import responses

NAME = "handover_reminder_sweep"
DEFAULT_SECONDS, MOST_SECONDS = 40.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def handover_reminder_sweep(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining", "reminders", "closed", "unmuted"}`."""
    return await responses.handle(NAME, request, _sweep)


async def _sweep(request: Request) -> Response:
    responses.require_scheduler(request, _settings.cron_secret)
    responses.require_method(request, "POST", "GET")
    seconds = responses.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    report = await run.run(_database, seconds, logs.correlation_id.get())
    logs.info("run_finished", **report)
    if report["reminders"] or report["closed"]:
        await _poke()
    return responses.json_answer(dict(report))
