"""The door: the scheduler's secret, a time budget, one run at a time in this process."""

from starlette.requests import Request
from starlette.responses import Response

from functions.answer_conversations.run import NAME, Run
from shared import config, logs
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http import responses

DEFAULT_SECONDS, MOST_SECONDS = 25.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url, size=3)
_poke = Poke(_settings.poke, _settings.cron_secret)
_runs: set[Run] = set()


async def answer_conversations(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining", "answered", "handed_over", "quiet"}` in conversations."""
    return await responses.handle(NAME, request, _answer)


async def _answer(request: Request) -> Response:
    responses.require_scheduler(request, _settings.cron_secret)
    responses.require_method(request, "POST", "GET")
    seconds = responses.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    if any(run.join() for run in _runs):
        return responses.json_answer({"joined": True})
    run = Run(_database, _settings, _poke, seconds)
    _runs.add(run)
    try:
        return responses.json_answer(dict(await run.to_the_end()))
    finally:
        _runs.discard(run)
