"""Called by the scheduler every 15 minutes."""

from starlette.requests import Request

from functions.remind_participants import run
from shared import logs
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "remind_participants"
BUDGET = Budget(40.0, every=900.0)


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining", "offered"}` in messages."""
    database = Database(settings.database_url)
    poke = Poke(settings.poke, settings.cron_secret)

    async def run_once(_request: Request, seconds: float) -> Report:
        return await run.run(database, seconds, logs.correlation_id.get())

    return scheduled(NAME, settings, database, run_once, BUDGET, poke=poke)


__getattr__ = entry_point(NAME, (*SETTINGS, "poke"), create)
