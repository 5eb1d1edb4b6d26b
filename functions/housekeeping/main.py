"""Called by the scheduler once a day."""

from starlette.requests import Request

from functions.housekeeping import retention
from shared.config import Settings
from shared.database.pool import Database
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "housekeeping"
BUDGET = Budget(45.0, every=86_400.0)


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining"}` in rows."""
    database = Database(settings.database_url)

    async def run(_request: Request, seconds: float) -> Report:
        return await retention.run(database, seconds)

    return scheduled(NAME, settings, database, run, BUDGET)


__getattr__ = entry_point(NAME, SETTINGS, create)
