"""The door: the scheduler's secret and a time budget."""

from starlette.requests import Request
from starlette.responses import Response

from functions.housekeeping import retention
from shared import config, http, logs
from shared.db import Database

NAME = "housekeeping"
DEFAULT_SECONDS, MOST_SECONDS = 45.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)


async def housekeeping(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining"}` in rows."""
    return await http.answer(NAME, request, _tidy_up)


async def _tidy_up(request: Request) -> Response:
    http.require_scheduler(request, _settings.cron_secret)
    http.require_method(request, "POST", "GET")
    seconds = http.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    report = await retention.run(_database, seconds)
    logs.info("run_finished", **report)
    return http.json_answer(dict(report))
