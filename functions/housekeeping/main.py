"""The door: the scheduler's secret and a time budget."""

from starlette.requests import Request
from starlette.responses import Response

from functions.housekeeping import retention
from shared import config, logs
from shared.database.pool import Database
from shared.http import responses

NAME = "housekeeping"
DEFAULT_SECONDS, MOST_SECONDS = 45.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)


async def housekeeping(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining"}` in rows."""
    return await responses.handle(NAME, request, _tidy_up)


async def _tidy_up(request: Request) -> Response:
    responses.require_scheduler(request, _settings.cron_secret)
    responses.require_method(request, "POST", "GET")
    seconds = responses.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    report = await retention.run(_database, seconds)
    logs.info("run_finished", **report)
    return responses.json_answer(dict(report))
