"""Called by the scheduler every minute."""

from starlette.requests import Request

from functions.handover_reminder_sweep import run
from shared import logs
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "handover_reminder_sweep"
BUDGET = Budget(40.0, every=60.0)


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining", "reminders", "closed", "unmuted"}`."""
    database = Database(settings.database_url)
    poke = Poke(settings.poke, settings.cron_secret)

    async def run_once(_request: Request, seconds: float) -> Report:
        return await run.run(database, seconds, logs.correlation_id.get())

    return scheduled(NAME, settings, database, run_once, BUDGET, poke=poke, poke_if=("reminders", "closed"))


__getattr__ = entry_point(NAME, (*SETTINGS, "poke"), create)
