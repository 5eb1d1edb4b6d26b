"""Called by the scheduler every 15 minutes."""

from starlette.requests import Request

from functions.remind_deadlines import deadlines
from shared import logs
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "remind_deadlines"
BUDGET = Budget(40.0, every=900.0)


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining"}` in messages."""
    database = Database(settings.database_url)
    poke = Poke(settings.poke, settings.cron_secret)

    async def run(_request: Request, _seconds: float) -> Report:
        async with database.transaction() as connection:
            return {"done": await deadlines.remind(connection, logs.correlation_id.get()), "remaining": 0}

    return scheduled(NAME, settings, database, run, BUDGET, poke=poke)


__getattr__ = entry_point(NAME, (*SETTINGS, "poke"), create)
