"""Called by the scheduler once a day."""

from starlette.requests import Request

from functions.housekeeping import retention
from shared.clients import s3
from shared.config import Settings
from shared.database.pool import Database
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "housekeeping"
BUDGET = Budget(45.0, every=86_400.0)


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining"}` in rows; with an archive `archived`, too."""
    database = Database(settings.database_url)
    bucket = s3.Bucket(settings.archive_url) if settings.archive_url else None

    async def run(_request: Request, seconds: float) -> Report:
        return await retention.run(database, seconds, bucket=bucket)

    return scheduled(NAME, settings, database, run, BUDGET)


__getattr__ = entry_point(NAME, (*SETTINGS, *s3.SETTINGS), create)
