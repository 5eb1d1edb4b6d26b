"""The door: the scheduler's secret, a time budget, one run at a time in this process."""

import asyncio

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
_poked = asyncio.Event()
_running = False


async def dispatch_notifications(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining", …}`."""
    return await http.answer(NAME, request, _dispatch)


async def _dispatch(request: Request) -> Response:
    global _running  # noqa: PLW0603 - a poke joins the run that is under way in this process
    http.require_scheduler(request, _settings.cron_secret)
    http.require_method(request, "POST", "GET")
    seconds = http.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    _poked.set()
    if _running:
        return http.json_answer({"joined": True})
    _running = True
    try:
        report = await Run(_database, _settings, _poked, seconds).to_the_end()
    finally:
        _running = False
    return http.json_answer(report)
