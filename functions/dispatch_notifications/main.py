"""The door: the scheduler's secret, a time budget, one run at a time in this process, an orderly end on SIGTERM."""

import signal
import threading
from types import FrameType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.dispatch_notifications.run import Run
from shared import config, logs
from shared.database.pool import Database
from shared.http import responses

NAME = "dispatch_notifications"
DEFAULT_SECONDS, MOST_SECONDS = 35.0, 600.0

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url, size=3)
_runs: set[Run] = set()
_previous_handler: Any = signal.SIG_DFL


async def dispatch_notifications(request: Request) -> Response:
    """POST or GET `/`, with `?bot=` for one bot alone. Answers `{"done", "remaining", …}`."""
    return await responses.handle(NAME, request, _dispatch)


async def _dispatch(request: Request) -> Response:
    responses.require_scheduler(request, _settings.cron_secret)
    responses.require_method(request, "POST", "GET")
    seconds = responses.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    bot_id = responses.whole_number(request, "bot")
    if any(run.join(bot_id) for run in _runs):
        return responses.json_answer({"joined": True})
    _end_on_sigterm()
    run = Run(_database, _settings, seconds, bot_id)
    _runs.add(run)
    try:
        return responses.json_answer(dict(await run.to_the_end()))
    finally:
        _runs.discard(run)


def _end_on_sigterm() -> None:
    """Hear of SIGTERM before the server does, whoever that is."""
    global _previous_handler  # noqa: PLW0603 - there is one handler in a process
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is not _on_sigterm:
        _previous_handler = signal.signal(signal.SIGTERM, _on_sigterm)


def _on_sigterm(number: int, frame: FrameType | None) -> None:
    for run in tuple(_runs):
        run.end()
    if callable(_previous_handler):
        _previous_handler(number, frame)
