"""The door: the scheduler's secret."""

import time

from starlette.requests import Request
from starlette.responses import Response

from functions.remind_deadlines import deadlines
from shared import config, logs
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http import job_runs, responses

NAME = "remind_deadlines"

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def remind_deadlines(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining"}` in messages."""
    return await responses.handle(NAME, request, _remind)


async def _remind(request: Request) -> Response:
    responses.require_scheduler(request, _settings.cron_secret)
    responses.require_method(request, "POST", "GET")
    started = time.monotonic()
    async with _database.transaction() as connection:
        done = await deadlines.remind(connection, logs.correlation_id.get())
        await job_runs.record(connection, NAME, started, {"done": done, "remaining": 0})
    logs.info("run_finished", done=done)
    if done:
        await _poke()
    return responses.json_answer({"done": done, "remaining": 0})
