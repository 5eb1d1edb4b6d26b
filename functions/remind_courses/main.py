"""The door: the scheduler's secret."""

import time

from starlette.requests import Request
from starlette.responses import Response

from functions.remind_courses import deadlines
from shared import config, http, jobs, logs
from shared.db import Database
from shared.poke import Poke

NAME = "remind_courses"

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def remind_courses(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining"}` in messages."""
    return await http.answer(NAME, request, _remind)


async def _remind(request: Request) -> Response:
    http.require_scheduler(request, _settings.cron_secret)
    http.require_method(request, "POST", "GET")
    started = time.monotonic()
    async with _database.transaction() as connection:
        done = await deadlines.remind(connection, logs.correlation_id.get())
        await jobs.record(connection, NAME, started, {"done": done, "remaining": 0})
    logs.info("run_finished", done=done)
    if done:
        await _poke()
    return http.json_answer({"done": done, "remaining": 0})
