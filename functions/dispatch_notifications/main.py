"""The door: the scheduler's secret, a time budget, one run at a time in this process."""

from starlette.requests import Request
from starlette.responses import Response

from functions.dispatch_notifications.run import Run
from shared import config, http, logs
from shared.db import Database

NAME = "dispatch_notifications"
DEFAULT_SECONDS, MOST_SECONDS = 35.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url, size=3)
_run: Run | None = None


async def dispatch_notifications(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining", …}`."""
    return await http.answer(NAME, request, _dispatch)


async def _dispatch(request: Request) -> Response:
    global _run  # noqa: PLW0603 - a poke joins the run that is under way in this process
    http.require_scheduler(request, _settings.cron_secret)
    http.require_method(request, "POST", "GET")
    seconds = http.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    if _run is not None and _run.join():
        return http.json_answer({"joined": True})
    _run = Run(_database, _settings, seconds)
    return http.json_answer(dict(await _run.to_the_end()))
