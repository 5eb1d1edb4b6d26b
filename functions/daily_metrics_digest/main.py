"""Called by the scheduler every 15 minutes."""

from starlette.requests import Request

from functions.daily_metrics_digest import run
from shared import logs
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "daily_metrics_digest"
BUDGET = Budget(40.0, every=900.0)


def create(settings: Settings) -> Function:
    """The function.

    Answers `{"done", "remaining", "metrics", "unaddressed", "broken", "failed"}` in salons, and how many `alerts` were
    enqueued and `conversations` copied.
    """
    database = Database(settings.database_url)
    poke = Poke(settings.poke, settings.cron_secret)

    async def run_once(_request: Request, seconds: float) -> Report:
        return await run.run(database, seconds, logs.correlation_id.get(), await run.clock(database))

    return scheduled(NAME, settings, database, run_once, BUDGET, poke=poke, poke_if=("done", "alerts"))


__getattr__ = entry_point(NAME, (*SETTINGS, "poke"), create)
