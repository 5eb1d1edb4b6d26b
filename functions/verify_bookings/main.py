"""The door: the scheduler's secret and a time budget."""

from starlette.requests import Request
from starlette.responses import Response

from functions.verify_bookings import run
from shared import config, logs
from shared.clients.http import HttpClient
from shared.clients.yclients import YClients
from shared.database.pool import Database
from shared.http import responses

NAME = "verify_bookings"
DEFAULT_SECONDS, MOST_SECONDS = 50.0, 300.0
ANSWER_SECONDS = 10.0  # of one call; a run that begins its last one in time ends before the platform ends it

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)


async def verify_bookings(request: Request) -> Response:
    """POST or GET `/`. Answers `{"done", "remaining", "taken_in", "verified", "changed", "failed"}`."""
    return await responses.handle(NAME, request, _verify)


async def _verify(request: Request) -> Response:
    responses.require_scheduler(request, _settings.cron_secret)
    responses.require_method(request, "POST", "GET")
    seconds = responses.time_budget(request, DEFAULT_SECONDS, MOST_SECONDS)
    web = HttpClient(min(ANSWER_SECONDS, _settings.send_deadline_seconds))
    try:
        partner = _settings.yclients_partner_token
        yclients = YClients(web, _settings.yclients_api_url, partner) if partner else None
        report = await run.run(_database, yclients, seconds)
    finally:
        await web.close()
    logs.info("run_finished", **report)
    return responses.json_answer(dict(report))
